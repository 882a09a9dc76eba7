/**
 * Finds out why a modem does not work: the checks, the verdicts, and bundles that show a verdict again.
 *
 * @module
 */

export { type Bundled, bundled, isBundle, type Reexamined, reexamine } from './bundle.js';
export { USUAL_TARGET } from './command-lines.js';
export { type Diagnosis, diagnose } from './diagnose.js';
export type { DoctorOptions, Facts } from './examination.js';
export type { Finding } from './finding.js';
export { faultsOf, type KnownFault, knownFaults } from './firmwares.js';
export type { HostFacts, IpInterface, UsbFacts } from './host-facts.js';
export { type Verdict, type VerdictCode, verdict, verdictCodes } from './verdicts.js';
