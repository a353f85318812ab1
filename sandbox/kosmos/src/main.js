import { createServer } from 'node:http';
import { loadConfig } from './config/index.js';
import { followQueue } from './queue.js';
import { routes } from './routes.js';

const config = readConfig();
const state = { ready: false, agents: new Map() };

createServer((request, response) => routes(state, request, response)).listen(8080);
console.log('INFO  http: listening on 0.0.0.0:8080');

await followQueue(config, state);
state.ready = true;

function readConfig() {
  try {
    return loadConfig(process.env);
  } catch (error) {
    console.error(`FATAL config: ${error.message}`);
    console.error(error.stack);
    process.exit(1);
  }
}
