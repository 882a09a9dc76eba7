import type { Behaviour } from '../at/behaviour.js';
import { acknowledgement } from './acknowledgement.js';
import { authentication } from './authentication.js';
import { calls } from './calls.js';
import { clock } from './clock.js';
import { close } from './close.js';
import { dataMode } from './data-mode.js';
import { facilities } from './facilities.js';
import { general } from './general.js';
import { hardware } from './hardware.js';
import { identity } from './identity.js';
import { line } from './line.js';
import { messageSettings } from './message-settings.js';
import { messages } from './messages.js';
import { names } from './names.js';
import { network } from './network.js';
import { open } from './open.js';
import { operator } from './operator.js';
import { pdp } from './pdp.js';
import { phonebook } from './phonebook.js';
import { ping } from './ping.js';
import { power } from './power.js';
import { radio } from './radio.js';
import { receive } from './receive.js';
import { reception } from './reception.js';
import { send } from './send.js';
import { servers } from './servers.js';
import { sim } from './sim.js';
import { simAccess } from './sim-access.js';
import { socketParameters } from './socket-parameters.js';
import { socketSettings } from './socket-settings.js';
import { storedMessages } from './stored-messages.js';
import { ussd } from './ussd.js';
import { v250 } from './v250.js';

/** Every command that the emulator knows by itself. */
export const behaviours: readonly Behaviour[] = [
  ...general,
  ...v250,
  ...line,
  ...identity,
  ...sim,
  ...radio,
  ...operator,
  ...pdp,
  ...power,
  ...network,
  ...open,
  ...close,
  ...send,
  ...receive,
  ...servers,
  ...socketSettings,
  ...socketParameters,
  ...acknowledgement,
  ...names,
  ...dataMode,
  ...clock,
  ...reception,
  ...authentication,
  ...facilities,
  ...simAccess,
  ...phonebook,
  ...ping,
  ...hardware,
  ...calls,
  ...messages,
  ...storedMessages,
  ...messageSettings,
  ...ussd,
];
