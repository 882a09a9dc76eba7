export { type ComplianceCase, type LinkUnderTest, linkCompliance, type Setting } from './link-compliance.js';
