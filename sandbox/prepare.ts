import { ensureEditor } from './editor/editor.ts';
import { ensureHelm3 } from './ensureHelm3.ts';
import { ensureTools } from './ensureTools.ts';

/** Makes what takes minutes and is made once for each machine: the Kubernetes programs, helm, Helm 3, and the editor. */
const say = (message: string): void => console.log(message);

await ensureTools({ onProgress: say });
await ensureHelm3({ onProgress: say });
await ensureEditor({ onProgress: say });
say('The sandbox and the editor are ready.');
