/**
 * A streaming decoder for AT modems, and typed commands and unsolicited result codes.
 *
 * @packageDocumentation
 * @public
 */

export { a7600 } from './a7600.js';
export {
  type Argument,
  commandLine,
  digits,
  flag,
  hostName,
  integer,
  oneOf,
  optional,
  payload,
  quoted,
  secret,
} from './arguments.js';
export {
  type Answer,
  type Command,
  type CommandInfo,
  command,
  commandBytes,
  executeCommand,
  type Family,
  family,
  intField,
  listCommand,
  NETWORK,
  type Outcome,
  plainLine,
  QUICK,
  type Range,
  readCommand,
  testCommand,
  textField,
  unreadable,
} from './command.js';
export {
  at,
  ath,
  ato,
  atz,
  cmee,
  dcd,
  dtr,
  echo,
  isDialling,
  plusPlusPlus,
  verbose,
} from './commands/general.js';
export { ati, cgmm, cgmr, cgsn, ciccid, cimi, type Identity, simcomAti } from './commands/identity.js';
export {
  cipAck,
  cipClose,
  cipOpen,
  LAST_LINK,
  type LinkProgress,
  type LinkState,
} from './commands/links.js';
export {
  cdnsCfg,
  cdnsGip,
  csockSetPn,
  ipAddr,
  type NameServers,
  netClose,
  netOpen,
} from './commands/network.js';
export {
  type ActivePdpContext,
  cgact,
  cgatt,
  cgcontrdp,
  cgdcont,
  cgpaddr,
  type PdpActivation,
  type PdpAddress,
  type PdpContext,
  type PdpType,
} from './commands/pdp.js';
export { cfun, cpof, creset, csclk } from './commands/power.js';
export {
  cops,
  cpsi,
  csq,
  type Operator,
  type SignalQuality,
  type SystemInformation,
} from './commands/radio.js';
export { cipRxGet, type ReceivedBlock, type Take } from './commands/receiving.js';
export { cereg, cgreg, creg, type Registration } from './commands/registration.js';
export { cipSend, LINK_DOWN, MAX_PAYLOAD, type Send, type SendReport } from './commands/sending.js';
export { catr, type FlowControl, type FlowControls, ifc, ipr } from './commands/serial.js';
export { type ServerState, serverStart, serverStop } from './commands/servers.js';
export { numberSetting, toggle } from './commands/settings.js';
export { cpin } from './commands/sim.js';
export {
  cipCcfg,
  cipCfg,
  cipHead,
  cipMode,
  cipSendMode,
  cipSrip,
  cipTimeout,
  ctcpKa,
  type KeepAlive,
  type SocketConfiguration,
  type SocketTimeouts,
} from './commands/socket-settings.js';
export { decodeAt } from './decode-at.js';
export { joinChunks } from './decoder/bytes.js';
export { createDecoder, type Decoder, type DecoderLimits } from './decoder/decoder.js';
export type { Dialect } from './decoder/dialect.js';
export type { AtEvent, Data, Noise, Overrun, Payload, PayloadEcho, Prompt } from './decoder/events.js';
export type { BlockHeader, Line, PrefixMatch, ResultCode, Urc } from './decoder/line.js';
export {
  CommandErrorNumber,
  cmeErrors,
  IpErrorNumber,
  ipErrors,
  SocketErrorNumber,
  socketErrors,
} from './error-tables.js';
export { AtError, type AtErrorCode, type AtErrorDetails, isAtError } from './errors.js';
export { type Exchange, exchange, type TimeLimit } from './exchange.js';
export type { Phase, Settled } from './settled.js';
export { type CommandValues, part, together } from './together.js';
export { type Notice, notice, notices, numbers } from './urc.js';
export {
  ceregChanged,
  cgregChanged,
  cregChanged,
  packetEvent,
  signalChanged,
  simCard,
  simState,
  systemChanged,
} from './urcs/network.js';
export {
  callsAndMessages,
  hardware,
  networkTime,
  otherServices,
  platform,
  positioning,
  serviceResults,
} from './urcs/others.js';
export {
  closeResult,
  lateResults,
  netCloseResult,
  netOpenResult,
  openResult,
  sendResult,
  serverStopResult,
} from './urcs/results.js';
export {
  type Address,
  type ClientAccepted,
  clientAccepted,
  closed,
  type DataWaiting,
  dataWaiting,
  dataWaitingFrom,
  type LinkClosed,
  LinkCloseReason,
  linkClosed,
  networkLost,
  type Pushed,
  pushed,
  pushedOnLink,
  receivedFrom,
} from './urcs/sockets.js';
export { restarted, type StartupLine, startup } from './urcs/startup.js';
