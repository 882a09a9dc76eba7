/**
 * The causes of the table of remedies that are no fault of a modem or its surroundings, and why no examination
 * finds them.
 */
export const ofPrograms: Readonly<Record<string, string>> = {
  INVALID_ARGUMENT: "a mistake in a program's call",
  ABORTED: 'the program called it off',
  CLOSED: 'the program closed it',
  BUDGET_SPENT: 'a limit that the program set',
  TRANSPORT_CLOSED: 'the program uses a link after its end',
  LINK_CLOSED: 'a socket that ended; the examination keeps none',
  NO_CARRIER: 'a socket that ended; the examination keeps none',
  PORT_IN_USE: 'two servers of one program',
  MULTIPLEXER_REFUSED: 'the program asked for a multiplexed line',
  REFUSED: 'any refusal: the step in which it comes has a verdict of its own',
  CME_ERROR: 'any refusal: the step in which it comes has a verdict of its own',
  IP_ERROR: 'any refusal: the step in which it comes has a verdict of its own',
};
