import type { GateItem } from '../protocol/checklistProtocol.ts';

const svg = 'http://www.w3.org/2000/svg';

/** What is drawn for each state, on a field of 16 by 16; the word beside it says the same. */
const shapes: Readonly<Record<GateItem['state'], string>> = {
  pass: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm3.6 5.1-4.3 5-3-2.7.9-1 2 1.8 3.4-4Z',
  hold: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1ZM4 7.2h8v1.6H4Z',
  unknown:
    'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm-.8 9.9h1.6v1.6H7.2Zm0-1.2c0-2 2-1.9 2-3.4 0-.8-.5-1.3-1.2-1.3S6.7 5.5 6.7 6.4H5.2C5.3 4.7 6.4 3.6 8 3.6c1.7 0 2.8 1 2.8 2.6 0 2.1-2.1 2-2.1 3.5Z',
};

/** Builds the sign of a state; it is not read out, since the word beside it is. */
export function buildStateSign(): {
  readonly element: SVGElement;
  readonly show: (state: GateItem['state']) => void;
} {
  const element = document.createElementNS(svg, 'svg');
  element.setAttribute('viewBox', '0 0 16 16');
  element.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(svg, 'path');
  path.setAttribute('fill-rule', 'evenodd');
  element.append(path);
  return {
    element,
    show: state => {
      element.setAttribute('class', `sign ${state}`);
      path.setAttribute('d', shapes[state]);
    },
  };
}
