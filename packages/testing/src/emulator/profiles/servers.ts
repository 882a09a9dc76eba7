/** What listening servers do (protocol 3.13, 3.14, 9.5). */
export interface ServerOptions {
  /** Order of the result and `OK` of `AT+SERVERSTOP`. */
  readonly stopOrder: 'result first' | 'OK first';
  /**
   * Stopping a server that still has clients is refused with 9 (manual A109), or drops them without
   * a word (application note 3.4.2).
   */
  readonly stopsWithClients: 'refused' | 'drops them';
  /** What `AT+CIPOPEN?` shows of an accepted link: its server's index, or always 1. */
  readonly acceptedIndex: 'server' | 'always 1';
  /** Accepted links take sends of fixed length only (application note 3.4.2). */
  readonly fixedSendsOnly: boolean;
}
