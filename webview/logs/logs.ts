import { keptLogSchema, logProtocol, type ToLogPage } from '../protocol/logMessages.ts';
import { buildElement } from '../shared/buildElement.ts';
import { connectHost } from '../shared/connectHost.ts';
import { registerControls, vsCodeButton, vsCodeCheckbox } from '../shared/controls.ts';
import { LogPage } from './logPage.ts';
import { followThemeColors } from './themeColors.ts';
import './logs.css';

const element = document.querySelector<HTMLElement>('#page');
const nonce = document.querySelector('meta[property="csp-nonce"]')?.getAttribute('content');
if (!element || !nonce) {
  throw new Error('This is not the page of a log.');
}
registerControls(vsCodeButton(), vsCodeCheckbox());
followThemeColors(element);

/** Before there is a log there are no words of ours: only what is in the way. */
function showTrouble(page: HTMLElement, message: string): void {
  page.replaceChildren(buildElement('p', { class: 'banner', role: 'status' }, message));
}

let page: LogPage | undefined;
const host = connectHost(logProtocol, (message: ToLogPage) => {
  if (page) {
    page.take(message);
  } else if (message.type === 'trouble') {
    showTrouble(element, message.message ?? '');
  } else if (message.type === 'opened') {
    const kept = keptLogSchema.safeParse(host.kept);
    page = new LogPage(
      {
        page: element,
        nonce,
        send: host.send,
        keep: host.keep,
        kept: kept.success ? kept.data : undefined,
      },
      message,
    );
  }
});
host.send({ type: 'ready' });
