import assert from 'node:assert/strict';
import { parseEvents } from '../../../daemon/clusters/requests.ts';
import { readRecord } from './readRecord.ts';

describe('the events of a cluster', () => {
  it('L-16a are read in both of their forms, with a time and a count', () => {
    const events = parseEvents({ items: readRecord('events') });
    assert.ok(events.length > 5);
    assert.ok(events.every(event => !Number.isNaN(Date.parse(event.at)) && event.count >= 1));
    const scheduled = events.find(event => event.reason === 'Scheduled');
    assert.equal(scheduled?.at, '2026-11-23T21:03:49.797010Z');
    const backOff = events.find(event => event.reason === 'BackOff');
    assert.equal(backOff?.type, 'Warning');
  });
});
