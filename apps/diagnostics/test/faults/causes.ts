/**
 * The causes of the table of remedies that are no fault of a modem or its surroundings, and why no examination
 * finds them.
 */
export const ofPrograms: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'AGENT_GONE',
      'DEADLINE_PASSED',
      'ENGINE_AWAY',
      'LEASE_HELD',
      'LEASE_LOST',
      'LEASE_REQUIRED',
      'MODEM_AMBIGUOUS',
      'MODEM_OFFLINE',
      'MODEM_UNKNOWN',
      'NOT_PERMITTED',
      'NOT_SET_UP',
      'NO_MODEM',
      'OUTCOME_UNKNOWN',
      'STREAM_LOST',
    ].map((code) => [code, 'a matter of a fleet: its server, its agents, or who uses them']),
  ),
  INVALID_ARGUMENT: "a mistake in a program's call",
  ABORTED: 'the program called it off',
  CLOSED: 'the program closed it',
  BUDGET_SPENT: 'a limit that the program set',
  CHECK_FAILED: 'a host that the program named for its check of the network',
  TRANSPORT_CLOSED: 'the program uses a link after its end',
  LINK_CLOSED: 'a socket that ended; the examination keeps none',
  NO_CARRIER: 'a socket that ended; the examination keeps none',
  PORT_IN_USE: 'two servers of one program',
  MULTIPLEXER_REFUSED: 'the program asked for a multiplexed line',
  REFUSED: 'any refusal: the step in which it comes has a verdict of its own',
  CME_ERROR: 'any refusal: the step in which it comes has a verdict of its own',
  IP_ERROR: 'any refusal: the step in which it comes has a verdict of its own',
};
