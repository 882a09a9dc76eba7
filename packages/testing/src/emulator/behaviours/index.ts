import type { Behaviour } from '../at/behaviour.js';
import { acknowledgement } from './acknowledgement.js';
import { authentication } from './authentication.js';
import { calls } from './calls.js';
import { cellBroadcasts } from './cell-broadcasts.js';
import { cellLocation } from './cell-location.js';
import { certificates } from './certificates.js';
import { clock } from './clock.js';
import { close } from './close.js';
import { dataMode } from './data-mode.js';
import { facilities } from './facilities.js';
import { files } from './files.js';
import { forwarding } from './forwarding.js';
import { general } from './general.js';
import { gnss } from './gnss.js';
import { gnssSim7600 } from './gnss-sim7600.js';
import { hardware } from './hardware.js';
import { http } from './http.js';
import { identity } from './identity.js';
import { line } from './line.js';
import { messageSettings } from './message-settings.js';
import { messages } from './messages.js';
import { mqtt } from './mqtt.js';
import { mqttConfig } from './mqtt-config.js';
import { mqttMessages } from './mqtt-messages.js';
import { multiplexing } from './multiplexing.js';
import { names } from './names.js';
import { network } from './network.js';
import { open } from './open.js';
import { operator } from './operator.js';
import { pdp } from './pdp.js';
import { phonebook } from './phonebook.js';
import { ping } from './ping.js';
import { pins } from './pins.js';
import { power } from './power.js';
import { radio } from './radio.js';
import { receive } from './receive.js';
import { reception } from './reception.js';
import { secureSockets } from './secure-sockets.js';
import { send } from './send.js';
import { servers } from './servers.js';
import { sim } from './sim.js';
import { simAccess } from './sim-access.js';
import { socketParameters } from './socket-parameters.js';
import { socketSettings } from './socket-settings.js';
import { storedMessages } from './stored-messages.js';
import { ussd } from './ussd.js';
import { v250 } from './v250.js';

/** Commands that belong together. */
export interface CommandGroup {
  readonly title: string;
  readonly behaviours: readonly Behaviour[];
}

/** The commands that the emulator knows by itself, in groups; docs/emulator-commands.md lists them. */
export const commandGroups: readonly CommandGroup[] = [
  { title: 'Echo, results, profiles', behaviours: general },
  { title: 'Registers and speaker of V.250', behaviours: v250 },
  { title: 'The serial line', behaviours: line },
  { title: 'Multiplexing', behaviours: multiplexing },
  { title: 'Identity', behaviours: identity },
  { title: 'SIM', behaviours: sim },
  { title: 'Signal and registration', behaviours: radio },
  { title: 'Operators', behaviours: operator },
  { title: 'PDP contexts', behaviours: pdp },
  { title: 'Power', behaviours: power },
  { title: 'Socket service', behaviours: network },
  { title: 'Opening links', behaviours: open },
  { title: 'Closing links', behaviours: close },
  { title: 'Sending', behaviours: send },
  { title: 'Receiving', behaviours: receive },
  { title: 'Servers', behaviours: servers },
  { title: 'Socket settings', behaviours: socketSettings },
  { title: 'Socket parameters', behaviours: socketParameters },
  { title: 'Acknowledgements', behaviours: acknowledgement },
  { title: 'Names', behaviours: names },
  { title: 'Data mode', behaviours: dataMode },
  { title: 'Clock', behaviours: clock },
  { title: 'Access technology and indicators', behaviours: reception },
  { title: 'Authentication and packet events', behaviours: authentication },
  { title: 'Locks and subscriber', behaviours: facilities },
  { title: 'SIM files', behaviours: simAccess },
  { title: 'Phonebooks', behaviours: phonebook },
  { title: 'Ping', behaviours: ping },
  { title: 'Supply, temperature, character set', behaviours: hardware },
  { title: 'Pins', behaviours: pins },
  { title: 'Place by the cell', behaviours: cellLocation },
  { title: 'GNSS of A76XX', behaviours: gnss },
  { title: 'GNSS of SIM7600', behaviours: gnssSim7600 },
  { title: 'Calls', behaviours: calls },
  { title: 'Call forwarding', behaviours: forwarding },
  { title: 'Sending and writing messages', behaviours: messages },
  { title: 'Stored messages', behaviours: storedMessages },
  { title: 'Message settings', behaviours: messageSettings },
  { title: 'Cell broadcasts', behaviours: cellBroadcasts },
  { title: 'USSD', behaviours: ussd },
  { title: 'SSL contexts and certificates', behaviours: certificates },
  { title: 'TLS connections', behaviours: secureSockets },
  { title: 'HTTP', behaviours: http },
  { title: 'Files', behaviours: files },
  { title: 'MQTT', behaviours: [...mqtt, ...mqttConfig, ...mqttMessages] },
];

/** Every command that the emulator knows by itself. */
export const behaviours: readonly Behaviour[] = commandGroups.flatMap((group) => group.behaviours);
