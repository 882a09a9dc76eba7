/** What it means, by the code of Node's error, that a broker does not answer. */
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'is not there: no program listens on that port',
  ENOTFOUND: 'is not there: no host has that name',
  EAI_AGAIN: 'is not there: no name server has answered',
  ETIMEDOUT: 'does not answer in time',
  EHOSTUNREACH: 'is not there: no route leads to that host',
  ECONNRESET: 'has broken the connection off: perhaps one side wants TLS (mqtts) and the other one does not',
};

type Coded = Error & { readonly code?: unknown };

/**
 * Why there is no connection with a broker, as the end of a sentence.
 *
 * @param error what the MQTT client failed with; of several attempts, one has a code
 * @returns the predicate, without a full stop
 */
export function brokerFault(error: Coded): string {
  const first: Coded = error instanceof AggregateError ? error.errors[0] : error;
  const known = WORDS[String(first.code)];
  const said = first.message.replace(/\.$/, '') || 'no reason is known';
  return known ?? (said.startsWith('closed') ? said : `failed: ${said}`);
}
