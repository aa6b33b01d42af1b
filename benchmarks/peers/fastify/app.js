// The scenarios on Fastify, every one with compiled schemas:  node app.js --port 8000 [--middleware]
import { parseArgs } from 'node:util'
import Fastify from 'fastify'
import cors from '@fastify/cors'

const { values: args } = parseArgs({
  options: { port: { type: 'string' }, middleware: { type: 'boolean', default: false } }
})

const object = (properties, required = Object.keys(properties)) => ({ type: 'object', required, properties })
const string = { type: 'string' }
const integer = { type: 'integer' }
const number = { type: 'number' }
const boolean = { type: 'boolean' }

const greeting = object({ message: string })
const student = object({ name: string, age: integer, marks: number })
const item = object({ id: integer, name: string, price: number, tags: { type: 'array', items: string }, in_stock: boolean })
const itemList = { type: 'array', items: item }

const items = Array.from({ length: 100 }, (_, n) => ({
  id: n, name: `item ${n}`, price: n * 1.5, tags: ['a', 'b'], in_stock: n % 2 === 0
}))

const app = Fastify({ logger: false })

if (args.middleware) {
  await app.register(cors, { origin: ['https://app.example'] })
  app.addHook('onRequest', async (request) => { request.started = process.hrtime.bigint() })
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-process-time', String(Number(process.hrtime.bigint() - request.started) / 1e9))
  })
}

const hello = async () => ({ message: 'Hello, World!' })
app.get('/', { schema: { response: { 200: greeting } } }, hello)
app.get('/sync', { schema: { response: { 200: greeting } } }, hello)

app.get('/items/:item_id', {
  schema: {
    params: object({ item_id: integer }),
    querystring: object({ q: string, limit: { ...integer, default: 10 } }, []),
    response: { 200: object({ item_id: integer, q: { ...string, nullable: true }, limit: integer }) }
  }
}, async ({ params, query }) => ({ item_id: params.item_id, q: query.q ?? null, limit: query.limit }))

app.post('/student', {
  schema: { body: student, response: { 200: object({ status: string, data: student }) } }
}, async ({ body }) => ({ status: 'received', data: body }))

app.get('/list', { schema: { response: { 200: itemList } } }, async () => items)

app.post('/bulk', {
  schema: { body: itemList, response: { 200: object({ n: integer }) } }
}, async ({ body }) => ({ n: body.length }))

const unauthorized = Object.assign(new Error('a bearer token is needed'), { statusCode: 401 })
app.decorateRequest('session', null)
app.decorateRequest('token', null)
app.decorateRequest('user', null)
app.get('/me', {
  schema: {
    headers: object({ authorization: string }),
    response: { 200: object({ id: integer, token: string, open: boolean }) }
  },
  preHandler: [
    async (request) => { request.session = { open: true } },
    async (request) => {
      const [scheme, token] = request.headers.authorization.split(' ', 2)
      if (scheme !== 'Bearer' || !token) throw unauthorized
      request.token = token
    },
    async (request) => { request.user = { id: 7, token: request.token, open: request.session.open } }
  ],
  onResponse: async (request) => { if (request.session) request.session.open = false }
}, async (request) => request.user)

await app.listen({ port: Number(args.port), host: '127.0.0.1' })
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0))
