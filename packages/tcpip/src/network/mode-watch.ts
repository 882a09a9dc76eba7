import { cipMode } from '@a7600/at-codec';
import { catchError, EMPTY } from 'rxjs';
import { type Disposer, disposeAll } from '../base/disposer.js';
import type { Session } from '../session/session.js';
import { TRANSPARENT } from './settings.js';

/** Signs in a row that need no confirmation: a module that was set back keeps the mode that its network was opened in. */
const SIGNS = 2;

/**
 * Finds out that the network is open in another mode than it was opened in here: another program has closed it, and
 * opened it with its own `AT+CIPMODE`. Every client of a server would be hung up on then, and the network be open.
 */
export class ModeWatch {
  private readonly session: Session;
  private readonly transparent: boolean;
  private readonly onOther: () => void;
  /** The module turned out to have had the other mode set. */
  private wasChanged = false;
  /** A server or a link has gone unheard since the mode was asked for: the network may have been closed meanwhile. */
  private mayBeReopened = false;
  private signs = 0;

  /** `onOther` is called when the network is open in the other mode. */
  constructor(session: Session, transparent: boolean, onOther: () => void) {
    this.session = session;
    this.transparent = transparent;
    this.onOther = onOther;
  }

  /** Watches until the disposer is called. */
  start(): Disposer {
    const { settings, unaskedConnect, discrepancies$ } = this.session;
    const onValue = (now: boolean) => {
      const isOther = now !== this.transparent;
      this.wasChanged ||= isOther;
      if (isOther && this.mayBeReopened) this.onOther();
      this.mayBeReopened = false;
    };
    const losses = discrepancies$.subscribe(({ kind }) => {
      this.mayBeReopened ||= kind === 'link gone' || kind === 'server gone';
    });
    const connects = unaskedConnect.client$.subscribe(() => {
      if (!this.transparent) this.doubted();
    });
    const isKept = settings.has(TRANSPARENT);
    return disposeAll([
      ...(isKept ? [settings.keep(TRANSPARENT, this.transparent, { onValue })] : []),
      () => connects.unsubscribe(),
      () => losses.unsubscribe(),
    ]);
  }

  /** A connection was made as it is made in the other mode, or a line of it was lost: the module is asked. */
  doubted(): void {
    this.signs += 1;
    if (this.wasChanged || this.signs >= SIGNS) {
      this.onOther();
      return;
    }
    this.session.lane
      .run(cipMode.read())
      .pipe(catchError(() => EMPTY))
      .subscribe((transparent) => {
        if (transparent !== this.transparent) this.onOther();
      });
  }

  /** A connection was made as it should be. */
  worked(): void {
    this.signs = 0;
  }
}
