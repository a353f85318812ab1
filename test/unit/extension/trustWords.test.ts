import assert from 'node:assert/strict';
import type { RepositoryView } from '../../../daemon/protocol/repository.ts';
import { buildTrustDetail, buildTrustLines } from '../../../extension/trustWords.ts';
import { fillIn } from '../../../extension/words.ts';
import { aRepository } from '../../builders/views.ts';

const trust: RepositoryView['trust'] = {
  state: 'untrusted',
  commandsDigest: 'v1:0',
  commands: [],
  added: [],
  removed: [],
};

describe('the question whether Slipway may act for a repository', () => {
  it('P-16i says in a sentence that there is no command', () => {
    const detail = buildTrustDetail(buildTrustLines(aRepository({ trust }), fillIn), fillIn);
    assert.match(detail, /Its slipway\.yaml names no other command\.\n\nWhen the list changes/);
    assert.doesNotMatch(detail, /:$/m);
  });

  it('shows the commands, and how many more there are', () => {
    const commands = Array.from({ length: 14 }, (_, index) => [`./scripts/${index}.sh`, '--all']);
    const detail = buildTrustDetail(
      buildTrustLines(aRepository({ trust: { ...trust, commands } }), fillIn),
      fillIn,
    );
    assert.match(detail, /that slipway\.yaml names:\n\n\u2022 \.\/scripts\/0\.sh --all\n/);
    assert.match(detail, /\u2022 \.\/scripts\/11\.sh --all\nand 2 more\n\nWhen/);
  });

  it('shows what changed in them where they were trusted before', () => {
    const changed: typeof trust = {
      ...trust,
      state: 'changed',
      added: [['./new.sh']],
      removed: [['./old.sh']],
    };
    assert.deepEqual(buildTrustLines(aRepository({ trust: changed }), fillIn), ['+ ./new.sh', '- ./old.sh']);
  });
});
