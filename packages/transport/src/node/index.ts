export { diagnosed, type LinkDiagnostic } from './diagnosed.js';
export { type DuplexLink, fromDuplex } from './from-duplex.js';
export { toDuplex } from './to-duplex.js';
