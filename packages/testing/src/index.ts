/**
 * The emulated module and its networks.
 *
 * @packageDocumentation
 * @public
 */

export type { PortKind } from './emulator/assembly.js';
export type { Behaviour, Handler } from './emulator/at/behaviour.js';
export {
  cmeError,
  type FinalReply,
  ok,
  okSpaced,
  okThen,
  type Part,
  type PayloadSize,
  type PromptReply,
  type Reply,
  type Result,
  refuse,
  type Unit,
} from './emulator/at/reply.js';
export type { Form, Request } from './emulator/at/request.js';
export type { EmulatorControl } from './emulator/control.js';
export { type Emulator, emulator } from './emulator/emulator.js';
export type {
  EmulatorEvent,
  Happening,
  LinkState,
  Mode,
  NetworkState,
  Power,
  Printed,
} from './emulator/events.js';
export type { FaultControl, FaultOptions, FaultScript } from './emulator/faults/faults.js';
export { allFaults, type FaultGroup, type FaultKind, faultsOf } from './emulator/faults/kinds.js';
export { gpxTrack, type Position, standing, type Track } from './emulator/gnss/track.js';
export type { SerialFormat } from './emulator/line/serial-format.js';
export type { UartOptions } from './emulator/line/uart-line.js';
export type { Module } from './emulator/module.js';
export type { EmulatorOptions } from './emulator/options.js';
export type { Pins } from './emulator/pins.js';
export { a76xx } from './emulator/profiles/a76xx.js';
export type { Identity } from './emulator/profiles/identity.js';
export type { LinkType } from './emulator/profiles/links.js';
export { note100 } from './emulator/profiles/note-1.00.js';
export type { Family, Profile } from './emulator/profiles/profile.js';
export { sim7600 } from './emulator/profiles/sim7600.js';
export type { StartLine } from './emulator/profiles/start.js';
export type { SimState, Surroundings } from './emulator/radio/surroundings.js';
export type { Context, PortSettings, RegisterNumber, Settings } from './emulator/settings.js';
export type { ModuleLink, ModuleState } from './emulator/state.js';
export { type GnssTiming, instant, recorded, type Timing, turnaround } from './emulator/timing.js';
export type { HostConditions } from './networks/memory/conditions.js';
export type { MemoryHost } from './networks/memory/host.js';
export {
  type MemoryHostOptions,
  type MemoryInternet,
  type MemoryInternetOptions,
  memoryInternet,
} from './networks/memory/internet.js';
export { type MemoryNetwork, memoryNetwork } from './networks/memory/memory-network.js';
export type { MemoryConnection } from './networks/memory/tcp-pair.js';
export {
  type Address,
  type Attachment,
  type CallEnd,
  type CallEnded,
  type CallState,
  type CellBroadcast,
  type Deliver,
  type DeliveryReport,
  type Forwarding,
  type ForwardingReason,
  type Forwardings,
  type MobileConditions,
  type MobileNetwork,
  type MobileNetworkOptions,
  mobileNetwork,
  type Phone,
  type PhoneMessage,
  plainUssd,
  type SendingOptions,
  type StatusReport,
  type Submit,
  type Terminal,
  type UserData,
  type UssdMessage,
  type UssdScript,
  type ZonedTime,
} from './networks/mobile/index.js';
export {
  type Connection,
  type Datagram,
  type DatagramSocket,
  type Endpoint,
  type Listener,
  type Network,
  NetworkError,
  type NetworkFailure,
} from './networks/network.js';
export type { TlsOptions } from './networks/tls.js';
export type { Range } from './random.js';
export { type BundleModule, type BundleVerdict, moduleFromBundle, onBundle } from './virtual/bundle.js';
export { assertReleased, onVirtualModule } from './virtual/on-virtual-module.js';
export { type VirtualModule, type VirtualModuleOptions, virtualModule } from './virtual/virtual-module.js';
