export type { ComplianceCase, LinkUnderTest, Setting } from './cases.js';
export { linkCompliance } from './link-compliance.js';
