// A NestJS application for visitors who come over LTE: npm run example examples/recipes/nest.ts
import 'reflect-metadata';
import http, { type RequestListener } from 'node:http';
import { createServer } from '@a7600/tcpip/node';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { example } from '../support/example.js';
import { localPort, visited } from '../support/local.js';

class Greeting {
  hello() {
    return { hello: 'from the modem' };
  }
}
class App {}

// With `experimentalDecorators`: @Controller(), @Get() and @Module({ … }) before the classes and the method.
Controller()(Greeting);
Get()(Greeting.prototype, 'hello', { value: Greeting.prototype.hello });
Module({ controllers: [Greeting] })(App);

await example(localPort, async (networks$, { url }) => {
  const app = await NestFactory.create(App, { logger: false });
  await app.init();
  const pages = http.createServer(app.getHttpAdapter().getInstance() as RequestListener);
  const server = createServer(networks$, pages).listen(Number(url.port || 80));
  await visited(server, url);
  server.close();
  await app.close(); // runs the hooks of its modules: onModuleDestroy, onApplicationShutdown
});
