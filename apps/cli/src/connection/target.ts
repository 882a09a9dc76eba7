import { isTransportError, type Transport, TransportError } from '@a7600/transport';
import { replay } from '@a7600/transport/recording';
import { callOutName, serial } from '@a7600/transport/serialport';
import { rfc2217, tcp } from '@a7600/transport/tcp';
import { catchError, defer, from, switchMap, throwError } from 'rxjs';
import { readGiven } from '../given-file.js';
import { namingOwnHolder } from './busy.js';
import type { Address, ConnectionOptions } from './options.js';
import type { ProfileName } from './profiles.js';

/** Where the modem is. */
export type Target =
  | { readonly kind: 'serial'; readonly path: string; readonly baudRate: number }
  | { readonly kind: 'found'; readonly baudRate: number }
  | { readonly kind: 'tcp'; readonly address: Address }
  | { readonly kind: 'rfc2217'; readonly address: Address; readonly baudRate: number }
  | { readonly kind: 'emulated'; readonly profile: ProfileName; readonly imei?: string | undefined }
  | { readonly kind: 'usb'; readonly serialNumber: string; readonly baudRate: number }
  | { readonly kind: 'replay'; readonly file: string; readonly recording: string };

/** Time in ms for an answer that a recording does not have: those that it has come at once. */
const END_TIMEOUT = 200;

/** Reads from the options where the modem is. Throws a `UsageError` for a recording that cannot be read. */
export function targetOf(options: ConnectionOptions): Target {
  const { serial: path, baud: baudRate } = options;
  if (path !== undefined) return { kind: 'serial', path: callOutName(path), baudRate };
  if (options.tcp !== undefined) return { kind: 'tcp', address: options.tcp };
  if (options.rfc2217 !== undefined) return { kind: 'rfc2217', address: options.rfc2217, baudRate };
  if (options.emulated !== undefined) return { kind: 'emulated', profile: options.emulated };
  if (options.replay === undefined) return { kind: 'found', baudRate };
  return { kind: 'replay', file: options.replay, recording: readGiven('--replay', options.replay) };
}

/** The target in words. */
export function describe(target: Target): string {
  switch (target.kind) {
    case 'serial':
      return `${target.path} at ${target.baudRate} baud`;
    case 'found':
      return `the USB modem at ${target.baudRate} baud`;
    case 'usb':
      return `the USB modem ${target.serialNumber} at ${target.baudRate} baud`;
    case 'tcp':
      return `TCP port ${target.address.port} of ${target.address.host}`;
    case 'rfc2217':
      return `the serial server ${target.address.host}:${target.address.port} at ${target.baudRate} baud`;
    case 'emulated':
      return `an emulated module (${target.profile})`;
    case 'replay':
      return `the recording ${target.file}`;
  }
}

/** A transport to the target; an emulated module has `peer` in its network, or the loopback of this computer. */
export function transportOf(target: Target, peer?: Address): Transport {
  switch (target.kind) {
    case 'serial':
      return serial({ path: target.path, baudRate: target.baudRate }).pipe(namingOwnHolder());
    case 'found':
      return serial({ find: {}, baudRate: target.baudRate }).pipe(namingOwnHolder(), catchError(notFound));
    case 'usb':
      return serial({ find: { serialNumber: target.serialNumber }, baudRate: target.baudRate });
    case 'tcp':
      return tcp(target.address);
    case 'rfc2217':
      return rfc2217({ ...target.address, baudRate: target.baudRate });
    case 'emulated':
      // The emulator is loaded for those who want one.
      return defer(() => from(import('./emulated.js'))).pipe(
        switchMap(({ emulated }) => emulated(target.profile, peer, target.imei)),
      );
    case 'replay':
      return replay(target.recording, { endTimeout: END_TIMEOUT });
  }
}

function notFound(error: unknown) {
  const named = new TransportError(
    'PORT_NOT_FOUND',
    'No SIMCom modem is found on USB. `a7600 list` shows the ports of this computer. Name the port of a modem with ' +
      '--serial PATH, or try the program on an emulated one with --emulated.',
    error,
  );
  return throwError(() => (isTransportError(error, 'PORT_NOT_FOUND') ? named : error));
}
