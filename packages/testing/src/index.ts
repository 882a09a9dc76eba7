export type { Behaviour, Handler } from './emulator/behaviour.js';
export { type Emulator, type EmulatorControl, type EmulatorOptions, emulator } from './emulator/emulator.js';
export type { Context, Module, Settings, Surroundings } from './emulator/module.js';
export { a76xx, type Profile } from './emulator/profile.js';
export {
  type FinalReply,
  ok,
  okThen,
  type Part,
  type PromptReply,
  type Reply,
  type Result,
  refuse,
} from './emulator/reply.js';
export type { Form, Request } from './emulator/request.js';
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
  type Connection,
  type Datagram,
  type DatagramSocket,
  type Endpoint,
  type Listener,
  type Network,
  NetworkError,
  type NetworkFailure,
} from './networks/network.js';
export type { Range } from './random.js';
