import { at } from '@a7600/at-codec';
import { linkPair } from '@a7600/transport';
import { firstValueFrom } from 'rxjs';
import { modemOver } from './opened.js';
import { respond } from './responder.js';

const [link, module] = linkPair();
respond(module);
const opened = await modemOver(link);
for (let i = 0; i < 600000; i++) await firstValueFrom(opened.run(at()), { defaultValue: undefined });
process.exit();
