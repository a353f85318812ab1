import { ensureEditor } from './editor/editor.ts';
import { ensureTools } from './ensureTools.ts';

/** Makes what takes minutes and is made once for each machine: the Kubernetes programs, helm, and the editor. */
const say = (message: string): void => console.log(message);

await ensureTools({ onProgress: say });
await ensureEditor({ onProgress: say });
say('The sandbox and the editor are ready.');
