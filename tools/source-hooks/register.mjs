// `node --import …/register.mjs`: Node, and every worker thread that it starts, loads packages from their sources.
import { register } from 'node:module';

register('./hooks.mjs', import.meta.url);
