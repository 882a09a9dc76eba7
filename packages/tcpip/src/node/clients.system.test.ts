import { describe, test } from 'vitest';
import { CLIENTS } from '../../test/clients/all.js';
import { play, SHORT, scenariosOf } from '../../test/clients/scenarios.js';

/** A short form of `npm run test:clients`: less of everything, and no UART, whose time is real. */
describe.each(CLIENTS.map((client) => [client.name, client] as const))('%s', (_, client) => {
  test.each(scenariosOf(client).filter((scenario) => scenario !== 'uart'))('%s', (scenario) =>
    play(client, scenario, SHORT),
  );
});
