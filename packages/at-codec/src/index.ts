export { a7600 } from './a7600.js';
export {
  type Argument,
  commandLine,
  integer,
  oneOf,
  payload,
  quoted,
  secret,
} from './arguments.js';
export {
  type Answer,
  type Command,
  type CommandInfo,
  command,
  type Family,
  family,
  intField,
  NETWORK,
  type Outcome,
  QUICK,
  readCommand,
  testCommand,
  textField,
  unreadable,
} from './command.js';
export { at, cmee, echo } from './commands/general.js';
export { ipAddr, netClose, netOpen } from './commands/network.js';
export { cgdcont, type PdpContext, type PdpType } from './commands/pdp.js';
export { cereg, cgreg, creg, csq, type Registration, type SignalQuality } from './commands/radio.js';
export { type ServerState, serverStart, serverStop } from './commands/servers.js';
export { cpin } from './commands/sim.js';
export {
  cipClose,
  cipOpen,
  cipRxGet,
  cipSend,
  LAST_LINK,
  type LinkState,
  MAX_PIECE,
  type ReceivedBlock,
  type SendReport,
} from './commands/sockets.js';
export { decodeAt } from './decode-at.js';
export { joinPieces } from './decoder/bytes.js';
export { createDecoder, type Decoder, type DecoderLimits } from './decoder/decoder.js';
export type { CountedHeader, Dialect, HeadMatch, ResultCode } from './decoder/dialect.js';
export type { AtEvent, Data, Line, Noise, Payload, PayloadEcho, Prompt } from './decoder/events.js';
export { ipErrors, socketErrors } from './error-tables.js';
export { AtError, type AtErrorCode, type AtErrorDetails, isAtError } from './errors.js';
export { type Exchange, exchange, type Phase, type Settled } from './exchange.js';
export type { Urc } from './urc.js';
export { ceregChanged, cgregChanged, cregChanged, packetEvent, simState } from './urcs/network.js';
export {
  type ClientAccepted,
  clientAccepted,
  type DataWaiting,
  dataWaiting,
  type LinkClosed,
  linkClosed,
  networkLost,
} from './urcs/sockets.js';
export { restarted, type StartupLine, startup } from './urcs/startup.js';
