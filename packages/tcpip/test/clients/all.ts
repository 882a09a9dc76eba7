import { mqtt, nats } from './brokers.js';
import type { Client } from './client.js';
import { ioredis, pg } from './databases.js';
import { ftp, mail, sftp } from './files.js';
import { grpc } from './rpc.js';
import { coapClient, coapServer, modbusClient, modbusServer, snmpClient } from './things.js';
import { browser, curl } from './visitors.js';
import { http2Client, nodeHttp, undici, ws } from './web.js';

/** Every client that is run against the modem. */
export const CLIENTS: readonly Client[] = [
  nodeHttp,
  undici,
  http2Client,
  ws,
  mqtt,
  nats,
  ioredis,
  pg,
  mail,
  ftp,
  sftp,
  grpc,
  modbusClient,
  modbusServer,
  coapClient,
  coapServer,
  snmpClient,
  curl,
  browser,
];
