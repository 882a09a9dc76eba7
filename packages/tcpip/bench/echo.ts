/** The host that each emulated module reaches, and that sends back what it receives. */
export const ECHO = { host: '10.3.0.1', port: 7 } as const;
