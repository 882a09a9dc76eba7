/**
 * The contract of a byte link as test cases, for any test runner.
 *
 * @packageDocumentation
 * @experimental
 */

export type { ComplianceCase, LinkUnderTest, Setting } from './cases.js';
export { linkCompliance } from './link-compliance.js';
