// What users of node-redis do with each family of commands, on the server whose port is the first argument; it speaks RESP3 where the
// second argument is 3, and the replies that it makes of either protocol are the same.
const assert = require('node:assert/strict');
const { createClient } = require('redis');
const { run, until, report } = require('./scenarios');

const [port, protocol] = process.argv.slice(2).map(Number);
const connect = () => createClient({ socket: { port, host: '127.0.0.1', reconnectStrategy: false }, RESP: protocol }).connect();

const blockedClients = async client => Number(/blocked_clients:(\d+)/.exec(await client.info('clients'))[1]);

/** Everything that an iterator of the client yields, in one list. */
async function collect(iterator) {
  const all = [];
  for await (const batch of iterator) all.push(...batch);
  return all;
}

const plain = object => ({ ...object });

const numbered = (prefix, count) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

const scenarios = {
  async 'lists'(client) {
    assert.equal(await client.rPush('jobs', ['one', 'two', 'three']), 3);
    assert.equal(await client.lMove('jobs', 'running', 'LEFT', 'RIGHT'), 'one');
    assert.deepEqual(await client.lRange('running', 0, -1), ['one']);
    assert.deepEqual(await client.lPopCount('jobs', 5), ['two', 'three']);
    assert.equal(await client.lPop('jobs'), null);
    await client.rPush('log', numbered('line:', 500));
    assert.equal(await client.lPos('log', 'line:250'), 250);
    assert.deepEqual(await client.lmPop(['nothing', 'log'], 'RIGHT', { COUNT: 2 }), ['log', ['line:499', 'line:498']]);
    await client.lTrim('log', 0, 9);
    assert.equal(await client.lLen('log'), 10);
    assert.equal(await client.lInsert('log', 'AFTER', 'line:0', 'new'), 11);
    assert.equal(await client.lIndex('log', 1), 'new');
    await assert.rejects(client.get('log'), /WRONGTYPE/);
  },

  async 'blocking pops'(client) {
    const worker = await connect();
    const popped = worker.blPop(['urgent', 'jobs'], 20);
    await until(async () => await blockedClients(client) === 1, 'the worker to block');
    await client.rPush('jobs', 'job');
    assert.deepEqual(plain(await popped), { key: 'jobs', element: 'job' });
    assert.equal(await worker.brPop('nothing', 0.05), null);

    const minimum = worker.bzPopMin('queue', 20);
    await until(async () => await blockedClients(client) === 1, 'the worker to block');
    await client.zAdd('queue', [{ score: 2, value: 'later' }, { score: 1.5, value: 'sooner' }]);
    assert.deepEqual(plain(await minimum), { key: 'queue', value: 'sooner', score: 1.5 });
    assert.deepEqual(plain(await worker.bzPopMax(['nothing', 'queue'], 1)), { key: 'queue', value: 'later', score: 2 });
    const several = worker.blmPop(20, ['a', 'b'], 'LEFT', { COUNT: 2 });
    await until(async () => await blockedClients(client) === 1, 'the worker to block');
    await client.rPush('b', ['1', '2', '3']);
    assert.deepEqual(await several, ['b', ['1', '2']]);
    await worker.close();
  },

  async 'hashes'(client) {
    assert.equal(await client.hSet('user', { name: 'Ada', born: 1815 }), 2);
    assert.deepEqual(plain(await client.hGetAll('user')), { name: 'Ada', born: '1815' });
    assert.deepEqual(await client.hmGet('user', ['born', 'nothing']), ['1815', null]);
    assert.equal(await client.hIncrBy('user', 'born', 1), 1816);
    assert.equal(await client.hIncrByFloat('user', 'height', 1.5), '1.5');
    assert.equal(await client.hExists('user', 'nothing'), 0);
    assert.equal(await client.hDel('user', ['height', 'nothing']), 1);
    assert.equal(await client.hGet('user', 'height'), null);
    const fields = Object.fromEntries(numbered('field:', 1000).map((field, index) => [field, String(index)]));
    await client.hSet('big', fields);
    const scanned = await collect(client.hScanIterator('big', { COUNT: 50 }));
    assert.deepEqual(Object.fromEntries(scanned.map(({ field, value }) => [field, value])), fields);
    const random = await client.hRandFieldCountWithValues('big', 5);
    assert.deepEqual(random.map(({ field }) => fields[field]), random.map(({ value }) => value));
    assert.equal(new Set(random.map(({ field }) => field)).size, 5);
  },

  async 'sets'(client) {
    assert.equal(await client.sAdd('a', ['red', 'green', 'blue']), 3);
    await client.sAdd('b', ['green', 'black']);
    assert.deepEqual(await client.sInter(['a', 'b']), ['green']);
    assert.deepEqual((await client.sDiff(['a', 'b'])).sort(), ['blue', 'red']);
    assert.equal(await client.sUnionStore('all', ['a', 'b']), 4);
    assert.equal(await client.sInterCard(['a', 'b']), 1);
    assert.deepEqual((await client.sMembers('all')).sort(), ['black', 'blue', 'green', 'red']);
    assert.deepEqual(await client.smIsMember('all', ['red', 'white']), [1, 0]);
    assert.equal((await client.sPopCount('all', 3)).length, 3);
    const members = numbered('member:', 1000);
    await client.sAdd('big', members);
    assert.deepEqual([...new Set(await collect(client.sScanIterator('big', { COUNT: 50 })))].sort(), [...members].sort());
  },

  async 'sorted sets'(client) {
    assert.equal(await client.zAdd('board', [{ score: 1, value: 'ann' }, { score: 2.5, value: 'bob' }, { score: Infinity, value: 'top' }]), 3);
    assert.deepEqual((await client.zRangeWithScores('board', 0, -1)).map(plain), [{ value: 'ann', score: 1 }, { value: 'bob', score: 2.5 }, { value: 'top', score: Infinity }]);
    assert.equal(await client.zIncrBy('board', 1.25, 'ann'), 2.25);
    assert.equal(await client.zScore('board', 'nobody'), null);
    assert.deepEqual(await client.zmScore('board', ['ann', 'nobody']), [2.25, null]);
    assert.equal(await client.zRank('board', 'bob'), 1);
    assert.equal(await client.zRevRank('board', 'bob'), 1);
    assert.deepEqual(plain(await client.zPopMax('board')), { value: 'top', score: Infinity });
    assert.deepEqual(await client.zRange('board', '(2.25', '+inf', { BY: 'SCORE' }), ['bob']);

    const expected = Array.from({ length: 500 }, (_, index) => `m:${String(index).padStart(3, '0')}`);
    await client.zAdd('long', expected.map((value, score) => ({ score, value })));
    const pages = [];
    for (let offset = 0; pages.length < 500; offset += 64) {
      const page = await client.zRange('long', '+inf', '-inf', { BY: 'SCORE', REV: true, LIMIT: { offset, count: 64 } });
      assert.ok(page.length > 0);
      pages.push(...page);
    }
    assert.deepEqual(pages, [...expected].reverse());
    const scanned = await collect(client.zScanIterator('long', { COUNT: 50 }));
    assert.deepEqual(Object.fromEntries(scanned.map(({ value, score }) => [value, score])), Object.fromEntries(expected.map((value, score) => [value, score])));
    assert.equal(await client.zRemRangeByScore('long', 0, '(490'), 490);
    assert.equal(await client.zUnionStore('both', [{ key: 'board', weight: 2 }, { key: 'long', weight: 1 }], { AGGREGATE: 'SUM' }), 12);
    assert.deepEqual((await client.zInterWithScores(['both', 'board'])).map(plain), [{ value: 'ann', score: 6.75 }, { value: 'bob', score: 7.5 }]);
  },

  async 'geo'(client) {
    await client.geoAdd('cities', [{ longitude: 13.361389, latitude: 38.115556, member: 'Palermo' }, { longitude: 15.087269, latitude: 37.502669, member: 'Catania' }]);
    assert.equal(Number(await client.geoDist('cities', 'Palermo', 'Catania', 'km')), 166.2742);
    assert.deepEqual(await client.geoHash('cities', ['Palermo', 'nowhere']), ['sqc8b49rny0', null]);
    assert.deepEqual((await client.geoPos('cities', 'Palermo')).map(({ longitude }) => Number(longitude).toFixed(6)), ['13.361389']);
    assert.deepEqual(await client.geoSearch('cities', { longitude: 15, latitude: 37 }, { radius: 200, unit: 'km' }, { SORT: 'ASC' }), ['Catania', 'Palermo']);
    const near = await client.geoSearchWith('cities', 'Catania', { width: 400, height: 400, unit: 'km' }, ['WITHDIST'], { SORT: 'DESC' });
    assert.deepEqual(near.map(({ member, distance }) => [member, distance]), [['Palermo', 166.2742], ['Catania', 0]]);
  },

  async 'streams'(client) {
    assert.equal(await client.xAdd('log', '1-1', { level: 'info', text: 'started' }), '1-1');
    await client.xAdd('log', '1-*', { level: 'warn' });
    assert.deepEqual((await client.xRange('log', '-', '+')).map(({ id, message }) => [id, plain(message)]), [['1-1', { level: 'info', text: 'started' }], ['1-2', { level: 'warn' }]]);
    const reader = await connect();
    const next = reader.xRead({ key: 'log', id: '$' }, { BLOCK: 20_000, COUNT: 10 });
    await until(async () => await blockedClients(client) === 1, 'the reader to block');
    await client.xAdd('log', '2-0', { hello: 'reader' });
    const [{ name, messages }] = await next;
    assert.equal(name, 'log');
    assert.deepEqual(messages.map(({ id, message }) => [id, plain(message)]), [['2-0', { hello: 'reader' }]]);
    assert.equal(await reader.xRead({ key: 'log', id: '$' }, { BLOCK: 50 }), null);
    await reader.close();
    assert.equal(await client.xTrim('log', 'MAXLEN', 1), 2);
    assert.equal((await client.xInfoStream('log'))['last-generated-id'], '2-0');
  },

  async 'consumer groups'(client) {
    await client.xGroupCreate('orders', 'shop', '0', { MKSTREAM: true });
    for (let index = 1; index <= 3; index++) await client.xAdd('orders', `${index}-0`, { order: String(index) });
    const [{ messages }] = await client.xReadGroup('shop', 'ann', { key: 'orders', id: '>' }, { COUNT: 2 });
    assert.deepEqual(messages.map(({ id }) => id), ['1-0', '2-0']);
    assert.equal(await client.xAck('orders', 'shop', '1-0'), 1);
    const pending = await client.xPending('orders', 'shop');
    assert.deepEqual([pending.pending, pending.firstId, pending.lastId, pending.consumers.map(plain)], [1, '2-0', '2-0', [{ name: 'ann', deliveriesCounter: 1 }]]);
    const [entry] = await client.xPendingRange('orders', 'shop', '-', '+', 10);
    assert.deepEqual([entry.id, entry.consumer, entry.deliveriesCounter], ['2-0', 'ann', 1]);
    const claimed = await client.xAutoClaim('orders', 'shop', 'bob', 0, '0');
    assert.equal(claimed.nextId, '0-0');
    assert.deepEqual(claimed.messages.map(({ id, message }) => [id, plain(message)]), [['2-0', { order: '2' }]]);
    const [group] = await client.xInfoGroups('orders');
    assert.deepEqual([group.name, group.consumers, group.pending, group['entries-read'], group.lag], ['shop', 2, 1, 2, 1]);
    assert.deepEqual((await client.xInfoConsumers('orders', 'shop')).map(consumer => [consumer.name, consumer.pending]), [['ann', 0], ['bob', 1]]);
    assert.equal(await client.xGroupDestroy('orders', 'shop'), 1);
    await assert.rejects(client.xReadGroup('shop', 'ann', { key: 'orders', id: '>' }), /NOGROUP/);
  },

  async 'HyperLogLogs'(client) {
    assert.equal(await client.pfAdd('monday', ['ann', 'bob', 'ann']), 1);
    await client.pfAdd('tuesday', numbered('visitor:', 5000));
    await client.pfMerge('week', ['monday', 'tuesday']);
    const week = await client.pfCount('week');
    assert.ok(Math.abs(week - 5002) < 200, `counted ${week}`);
    assert.equal(await client.pfCount(['monday', 'tuesday']), week);
  },

  async 'sorting'(client) {
    await client.sAdd('ids', ['3', '1', '2']);
    await client.mSet({ 'weight:1': '30', 'weight:2': '20', 'weight:3': '10' });
    assert.deepEqual(await client.sort('ids', { BY: 'weight:*', GET: ['#', 'weight:*'] }), ['3', '10', '2', '20', '1', '30']);
    assert.equal(await client.sortStore('ids', 'sorted', { DIRECTION: 'DESC' }), 3);
    assert.deepEqual(await client.lRange('sorted', 0, -1), ['3', '2', '1']);
  },

  async 'transactions over all of them'(client) {
    const replies = await client.multi()
      .rPush('list', ['a', 'b']).hSet('hash', 'f', 'v').sAdd('set', 'm').zAdd('zset', { score: 1, value: 'z' }).xAdd('stream', '1-1', { k: 'v' })
      .hGetAll('hash').zRangeWithScores('zset', 0, -1).blPop('list', 0).exec();
    assert.deepEqual(replies.slice(0, 5), [2, 1, 1, 1, '1-1']);
    assert.deepEqual(replies.slice(5).flat().map(plain), [{ f: 'v' }, { value: 'z', score: 1 }, { key: 'list', element: 'a' }]);
    await assert.rejects(client.multi().lPush('hash', 'x').execAsPipeline(), /failed|WRONGTYPE/);

    const watcher = await connect();
    await watcher.watch('zset');
    await client.zAdd('zset', { score: 2, value: 'other' });
    await assert.rejects(watcher.multi().zCard('zset').exec(), /watched/);
    await watcher.close();
    const lists = await collect(client.scanIterator({ TYPE: 'list' }));
    assert.deepEqual(lists, ['list']);
  },
};

report(run(scenarios, connect, client => client.close()));
