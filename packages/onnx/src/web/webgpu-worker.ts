// Entry of a page's worker with a session on the GPU.
import * as runtime from 'onnxruntime-web/webgpu';
import { serveSession } from './serve-session.js';

serveSession(runtime);
