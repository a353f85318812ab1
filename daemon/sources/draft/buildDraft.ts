import { findNumber } from '../../model/template.ts';
import { pathSchema, revisionSchema } from '../procedure/fieldSchemas.ts';
import { buildComponentLines } from './buildComponentLines.ts';
import { buildEnvironmentLines } from './buildEnvironmentLines.ts';
import { chooseSubject, type DraftChoice, type DraftSubject } from './chooseDraft.ts';
import type { DraftFacts } from './draftFacts.ts';
import {
  blankLine,
  type DraftLine,
  type DraftText,
  fits,
  quoteFound,
  writeDraftLines,
  writeScalar,
} from './draftLines.ts';
import { buildName, nameComponents } from './draftNames.ts';
import { canTagImage, fillVersion, findImage, isUnfitForImages } from './imageTags.ts';

type Explanation = Pick<DraftLine, 'comment' | 'decide'>;

/**
 * Writes a first slipway.yaml from what was found: every line explained, valid at once. What this version cannot check
 * or run yet is written as a comment, since as a key it would hold every promotion.
 */
export function buildDraft(facts: DraftFacts, choice: DraftChoice): DraftText {
  const subject = chooseSubject(facts, choice);
  return writeDraftLines([
    ...buildHead(facts),
    blankLine,
    ...buildAboutLines(facts, subject),
    blankLine,
    ...buildReleaseLines(facts, subject),
    blankLine,
    ...buildComponentLines(facts, subject),
    ...buildDatabaseLines(facts),
    blankLine,
    ...buildEnvironmentLines(facts, subject),
  ]);
}

function buildHead({ folderName }: DraftFacts): readonly DraftLine[] {
  const says = (comment: string): DraftLine => ({ indent: 0, comment });
  return [
    says(`The deployment procedure of ${quoteFound(folderName)}, for Slipway.`),
    says('Written by "Slipway: Create Procedure..." from what is in this repository.'),
    says(
      'Lines with "Decide:" are guesses: read those first. Then commit it: only what is committed governs.',
    ),
  ];
}

function buildAboutLines(facts: DraftFacts, { charts }: DraftSubject): readonly DraftLine[] {
  const [document, ...others] = facts.documents.filter(path => fits(pathSchema, path));
  const name = buildName(charts.length === 1 ? (charts[0]?.name ?? '') : facts.folderName, 'procedure');
  return [
    { indent: 0, code: 'apiVersion: slipway.dev/v1', comment: 'The version of this format.' },
    { indent: 0, code: 'kind: Procedure', comment: 'What this file is.' },
    { indent: 0, code: `name: ${writeScalar(name)}`, comment: 'How Slipway calls it.' },
    ...(document === undefined
      ? []
      : [
          {
            indent: 0,
            code: `document: ${writeScalar(document)}`,
            comment: `The document that people follow today${listAlso(others)}.`,
          },
        ]),
    buildPolicyLine(facts),
  ];
}

function buildPolicyLine({ remote, undecided }: DraftFacts): DraftLine {
  if (undecided) {
    const names = undecided.map(quoteFound).join(', ');
    return {
      indent: 0,
      comment: `policyFrom: NAME/main - none of the remotes ${names} is called origin, so the local default branch governs, and its gates are advice. git config checkout.defaultRemote NAME says which one is meant.`,
    };
  }
  if (!remote) {
    return {
      indent: 0,
      comment:
        'policyFrom: origin/main - there is no remote yet, so the local default branch governs, and its gates are advice.',
    };
  }
  const from = `${remote.name}/${remote.branch ?? ''}`;
  if (remote.branch === undefined || !fits(revisionSchema, from)) {
    return {
      indent: 0,
      comment: `policyFrom: ${quoteFound(remote.name)}/main - without this line the default branch of ${quoteFound(remote.name)} governs.`,
    };
  }
  return {
    indent: 0,
    code: `policyFrom: ${writeScalar(from)}`,
    comment: 'The branch whose slipway.yaml governs: nobody can take a gate away in a branch of their own.',
  };
}

function buildReleaseLines({ tags }: DraftFacts, subject: DraftSubject): readonly DraftLine[] {
  const images = nameComponents(subject.charts).flatMap(({ name, chart }) => {
    const image = chart && findImage(chart);
    return image === undefined ? [] : [{ name, image }];
  });
  return [
    { indent: 0, code: 'releases:', comment: 'Which versions can be promoted.' },
    {
      indent: 1,
      code: `tags: '${tags.glob.replaceAll("'", '')}'`,
      ...explainTags(tags, subject.charts),
    },
    ...(images.length === 0
      ? []
      : [{ indent: 1, code: 'images:', comment: 'The images, so that Slipway can say which version runs.' }]),
    ...images.map(
      ({ name, image }): DraftLine => ({
        indent: 2,
        code: `${writeScalar(name)}: ${writeScalar(image)}`,
        ...explainImage(image, tags.newest ?? 'v1.0.0'),
      }),
    ),
  ];
}

/** Each question stands at the line that its answer changes. */
function explainTags({ newest }: DraftFacts['tags'], charts: DraftSubject['charts']): Explanation {
  if (newest === undefined) {
    return {
      comment: 'there is no tag of a release yet. Make one: git tag -a v1.0.0 -m "First release"',
      decide: true,
    };
  }
  return isUnfitForImages(newest, charts)
    ? {
        comment: `which git tags are those of images? Each that fits is a release; the newest, ${quoteFound(newest)}, can be none of an image as it is: those have at most 128 letters, digits, "_", "." and "-".`,
        decide: true,
      }
    : { comment: `Each git tag that fits is a release; the newest is ${quoteFound(newest)}.` };
}

function explainImage(image: string, version: string): Explanation {
  const tagged = quoteFound(fillVersion(image, version));
  if (image.includes('{number}') && canTagImage(version, image)) {
    return { comment: `The chart takes what stands before the number away: ${tagged}` };
  }
  return canTagImage(version, image)
    ? { comment: `{version} is the tag as it is: ${tagged}` }
    : {
        comment: `which tag does this image have for ${quoteFound(version)}? No registry has ${tagged}. {number} would be ${quoteFound(findNumber(version))}.`,
        decide: true,
      };
}

/** Migrations are no more than a comment: this version does not run them, and the key would hold every promotion. */
function buildDatabaseLines({ migrations }: DraftFacts): readonly DraftLine[] {
  const [folder, ...others] = migrations;
  return folder === undefined
    ? []
    : [
        blankLine,
        {
          indent: 0,
          comment:
            'Flyway migrations were found. This version does not run them, and the key would hold every promotion, so it is a comment:',
        },
        { indent: 0, comment: `database: {migrations: ${quoteFound(folder)}}${listAlso(others)}` },
      ];
}

function listAlso(others: readonly string[]): string {
  return others.length === 0 ? '' : ` (also: ${others.slice(0, 3).map(quoteFound).join(', ')})`;
}
