import { rfc2217, tcp } from '@a7600/transport/tcp';

/** A raw connection: ser2net, ESPHome, a device server. */
export const raw$ = tcp({ host: 'gateway', port: 3000 });

/** A serial port of another computer, with its speed and its lines (RFC 2217). */
export function watch(host: string, port: number, show: (mode: string) => void) {
  return rfc2217({ host, port, baudRate: 460_800 }).subscribe((link) => {
    link.lines$.subscribe(({ dcd }) => show(dcd ? 'data mode' : 'command mode'));
    link.setLines({ dtr: true }).subscribe();
  });
}
