import { reconnect, through } from '@a7600/transport';
import { serial } from '@a7600/transport/serialport';
import { of, switchMap } from 'rxjs';

const answers = serial({ find: { vendorId: '0403' }, baudRate: 9_600 })
  .pipe(
    switchMap((port) => of('hello\r').pipe(through(port))), // writes it, emits what comes back
    reconnect(),
  )
  .subscribe({
    next: (bytes) => process.stdout.write(bytes),
    error: (error) => console.error(error.message), // states what to do about it
  });

process.once('SIGINT', () => answers.unsubscribe()); // closes the port
