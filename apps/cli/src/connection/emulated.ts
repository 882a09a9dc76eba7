import { a76xx, emulator, memoryNetwork, note100, sim7600 } from '@a7600/testing';
import { hostNetwork } from '@a7600/testing/node';
import type { Transport } from '@a7600/transport';
import type { Address } from './options.js';
import type { ProfileName } from './profiles.js';

const profiles = [a76xx, note100, sim7600];

/**
 * A transport to an emulated module.
 *
 * @param name its firmware
 * @param peer the only host of its network, on which that port answers; the loopback of this computer without it
 * @param imei the IMEI that it reports; that of the firmware without it
 * @returns a cold observable; each subscription has a module of its own
 */
export function emulated(name: ProfileName, peer: Address | undefined, imei?: string): Transport {
  const firmware = profiles.find((each) => each.name === name) ?? a76xx;
  const profile = imei === undefined ? firmware : { ...firmware, identity: { ...firmware.identity, imei } };
  if (peer === undefined) return emulator({ profile, network: hostNetwork() });
  const network = memoryNetwork();
  network.serve(peer.host, peer.port).subscribe();
  return emulator({ profile, network });
}
