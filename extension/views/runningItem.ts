import type { RunningView } from '../../daemon/protocol/environment.ts';
import type { Words } from '../words.ts';
import type { RowPlace } from './environmentRows.ts';
import { buildItem, type ViewItem } from './viewItem.ts';

/** A component: the version that runs, Helm's revision, since when, and whether Slipway knows it. */
export function buildRunningItem(running: RunningView, place: RowPlace, words: Words): ViewItem {
  const { t } = words;
  const version = running.version ?? running.image ?? t('nothing runs');
  const parts = [
    version,
    ...(running.helmVersion ? [t('Helm says {0}', running.helmVersion)] : []),
    ...(running.helm ? [t('revision {0}', running.helm.revision)] : []),
    ...(running.since ? [t('since {0}', words.time(running.since))] : []),
    ...(running.outsideSlipway ? [t('outside Slipway')] : []),
  ];
  return buildItem({
    id: `${place.id}/component/${running.component}`,
    label: running.component,
    description: parts.join(' \u00b7 '),
    tooltip: [
      running.component,
      ...(running.image ? [running.image] : []),
      ...(running.since ? [t('Runs since {0}', words.exactTime(running.since))] : []),
      ...(running.helm
        ? [
            t(
              'Helm release {0}, revision {1}, {2}',
              running.helm.release,
              running.helm.revision,
              running.helm.status,
            ),
          ]
        : []),
      ...(running.helmVersion
        ? [t('Helm\u2019s record says {0}: somebody changed the image without Helm.', running.helmVersion)]
        : []),
      ...(running.outsideSlipway ? [t('Slipway\u2019s journal does not know this revision.')] : []),
    ].join('\n'),
    icon: { id: 'package' },
    context: running.version ? 'component;version' : 'component',
    target: { ...place.target, ...(running.version ? { release: running.version } : {}) },
  });
}
