// Two socket.io servers in one process that know each other only through Redis, on the server whose port is the first argument.
// The second argument names the adapter between them, the third the Redis client that it gets.
const assert = require('node:assert/strict');
const { createServer } = require('node:http');
const { Server } = require('socket.io');
const { io } = require('socket.io-client');
const { createAdapter, createShardedAdapter } = require('@socket.io/redis-adapter');
const { createAdapter: createStreamsAdapter } = require('@socket.io/redis-streams-adapter');
const Redis = require('ioredis');
const { createClient } = require('redis');
const { until, report } = require('./scenarios');

const port = Number(process.argv[2]);
const adapterName = process.argv[3];
const clientName = process.argv[4];
const persistentDisconnectMs = 60_000;

const connect = {
  'ioredis': async () => new Redis({ port }),
  'node-redis': () => createClient({ socket: { port, host: '127.0.0.1' } }).connect(),
}[clientName];

const createAdapterOf = {
  'redis': async () => createAdapter(await connect(), await connect()),
  'sharded': async () => createShardedAdapter(await connect(), await connect()),
  'streams': async () => createStreamsAdapter(await connect(), { blockTimeInMs: 30_000 }),
}[adapterName];

/** A socket.io server on a free port. Its sockets enter the room that they ask for. */
async function startServer() {
  const http = createServer();
  const server = new Server(http, {
    adapter: await createAdapterOf(),
    // Only the adapter over streams can restore what a client has missed: the others keep nothing.
    ...(adapterName === 'streams' && { connectionStateRecovery: { maxDisconnectionDuration: persistentDisconnectMs } }),
  });
  server.on('connection', socket => {
    socket.on('enter', (room, entered) => { socket.join(room); entered(); });
    socket.on('kick', () => socket.conn.close());
  });
  server.on('ask', (question, answer) => answer(`${question}, indeed`));
  await new Promise(resolve => http.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${http.address().port}` };
}

/** A client of a socket.io server, and what it has received so far. */
async function startClient(url, room) {
  const socket = io(url, { transports: ['websocket'], forceNew: true, reconnectionDelay: 10 });
  const received = [];
  socket.on('news', news => received.push(news)); // An offset may stand behind the news: it is for the recovery.
  socket.on('question', (question, answer) => answer(`${question} from ${room}`));
  await new Promise(resolve => socket.once('connect', resolve));
  await socket.timeout(10_000).emitWithAck('enter', room);
  return { socket, received };
}

async function main() {
  const infoClient = await connect();
  const servers = [await startServer(), await startServer()];
  const clients = [await startClient(servers[0].url, 'red'), await startClient(servers[1].url, 'red'), await startClient(servers[1].url, 'blue')];
  const counts = () => clients.map(({ received }) => received.length);

  // The servers have found each other once each sees the sockets of the other, and waits at the end of the stream.
  for (const { server } of servers) await until(async () => (await server.fetchSockets().catch(() => [])).length === 3, 'the servers to see each other');
  if (adapterName === 'streams') await until(async () => /blocked_clients:2/.test(await infoClient.info('clients')), 'the servers to read the stream');

  servers[0].server.emit('news', 'to all');
  await until(() => counts().join() === '1,1,1', 'the broadcast');
  servers[0].server.to('red').emit('news', 'to red');
  servers[1].server.to('blue').emit('news', 'to blue');
  servers[0].server.except('red').emit('news', 'to others');
  await until(() => counts().join() === '2,2,3', 'the messages to rooms');
  assert.deepEqual(clients.map(({ received }) => [...received].sort()), [['to all', 'to red'], ['to all', 'to red'], ['to all', 'to blue', 'to others']]);

  const binary = Buffer.from([0, 255, 13, 10]);
  servers[1].server.to('red').emit('news', { binary });
  await until(() => counts().join() === '3,3,3', 'the binary message');
  assert.deepEqual(clients[0].received[2].binary, binary);

  // What is asked of all sockets, or of all servers, comes back from either.
  const answers = await servers[0].server.timeout(10_000).to('red').emitWithAck('question', 'hello');
  assert.deepEqual(answers, ['hello from red', 'hello from red']);
  assert.deepEqual(await servers[0].server.serverSideEmitWithAck('ask', 'well'), ['well, indeed']);

  await servers[0].server.in('blue').socketsJoin('red');
  await until(async () => (await servers[0].server.in('red').fetchSockets()).length === 3, 'the socket of the other server to join');
  if (adapterName === 'streams') await recovers(servers[0].server, clients[1]);

  await servers[0].server.in(clients[2].socket.id).disconnectSockets();
  await until(() => clients[2].socket.disconnected, 'the socket of the other server to be disconnected');
  assert.equal((await servers[1].server.fetchSockets()).length, 2);
}

/** A client whose connection breaks gets what was sent to its room meanwhile, from the stream. */
async function recovers(server, { socket, received }) {
  const [id, count] = [socket.id, received.length];
  const broken = new Promise(resolve => socket.once('disconnect', resolve));
  const back = new Promise(resolve => socket.once('connect', resolve));
  socket.io.reconnectionDelay(300);
  socket.io.reconnectionDelayMax(300);
  socket.emit('kick');
  await broken;
  server.to('red').emit('news', 'missed');
  await back;
  assert.equal(socket.recovered, true);
  assert.equal(socket.id, id);
  await until(() => received.length > count, 'the missed message');
  assert.deepEqual(received.slice(count), ['missed']);
}

report(main());
