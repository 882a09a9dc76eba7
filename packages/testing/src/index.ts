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
export { type MemoryNetwork, memoryNetwork } from './networks/memory-network.js';
export {
  type Connection,
  type Listener,
  type Network,
  NetworkError,
  type NetworkFailure,
} from './networks/network.js';
