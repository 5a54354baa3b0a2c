// Entry of a page's worker with a session on the processor.
import * as runtime from 'onnxruntime-web/wasm';
import { serveSession } from './serve-session.js';

serveSession(runtime);
