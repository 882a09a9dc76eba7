// What both ends of a transparent session of the benchmark know.

export const FAR = { host: '10.3.0.1', port: 80 };
/** The command that connects. */
export const CONNECT = `AT+CIPOPEN=0,"TCP","${FAR.host}",${FAR.port}\r`;
/** Bytes of a round that are measured. A pseudo-terminal is twice as fast in one round as in the next: many tell more. */
export const MEASURED = 8_000_000;
/** Bytes before them that are not: functions of a session that has ended are compiled again for the next one. */
export const WARM_UP = 8_000_000;
