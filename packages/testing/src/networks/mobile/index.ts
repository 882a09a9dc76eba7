export type { CellBroadcast } from './broadcast.js';
export type { CallEnd, CallEnded, CallState } from './call.js';
export type { Forwarding, ForwardingReason, Forwardings } from './forwarding.js';
export {
  type MobileConditions,
  type MobileNetwork,
  type MobileNetworkOptions,
  mobileNetwork,
} from './mobile-network.js';
export type { DeliveryReport, Phone, PhoneMessage, SendingOptions } from './phone.js';
export type { Attachment, Terminal } from './terminal.js';
export type { Address } from './tpdu/address.js';
export type { ZonedTime } from './tpdu/time-stamp.js';
export type { Deliver, StatusReport, Submit } from './tpdu/tpdu.js';
export type { UserData } from './tpdu/user-data.js';
export { plainUssd, type UssdMessage, type UssdScript } from './ussd.js';
