/** Time in ms for a module to leave data mode after DTR was dropped: it waits for nothing. */
export const DTR_TIME = 200;
/** Time in ms for the module to answer a question, from the moment at which the question was sent. */
export const ANSWER_TIME = 1_500;
/** How much longer in ms the answer may take while bytes keep arriving before it. */
export const ANSWER_LIMIT = 10_000;
/** How often the module is asked after one escape. */
export const QUESTIONS = 2;
/** How many escapes are made, each with full guard times, before the module counts as silent. */
export const ESCAPES = 3;
/** Time in ms for the port to send what it has accepted. */
export const SEND_LIMIT = 20_000;
/** Shortest time in ms between two verifications that the peer can cause. */
export const VERIFY_INTERVAL = 10_000;
/** Time in ms without a byte after which a connection that has ended has delivered everything. */
export const DRAIN_TIME = 500;
/** Time in ms between `+CLIENT` and `CONNECT`, which come together. */
export const CONNECT_TIME = 5_000;
