// Twins of the generated document: a reason a row.

import { expect, test } from 'vitest'
import { type Schemas, withoutTwins } from '../../gateway/components.ts'

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const id = { type: 'string' }
const closed = { type: 'object', properties: { id: ref('Id') }, additionalProperties: false }
const open = { type: 'object', properties: { id: ref('IdInput') } }
const other = { type: 'object', properties: { id: ref('IdInput'), kind: { type: 'string' } } }
const ids = { Id: id, IdInput: id }

test.each<[reason: string, asked: string[], schemas: Schemas, refs: string[], kept: Schemas]>([
  ['what nobody refers to goes', ['Id'], { ...ids, Zone: closed }, ['Id'], { Id: id }],
  [
    'alike: the answered one',
    ['Zone', 'ZoneInput'],
    { ...ids, Zone: closed, ZoneInput: open },
    ['Zone', 'Zone'],
    { Id: id, Zone: closed },
  ],
  [
    'asked for alone: under the plain name',
    ['ZoneInput'],
    { ...ids, Zone: closed, ZoneInput: other },
    ['Zone'],
    { Id: id, Zone: { ...other, properties: { ...other.properties, id: ref('Id') } } },
  ],
  [
    'different: both',
    ['Zone', 'ZoneInput'],
    { ...ids, Zone: closed, ZoneInput: other },
    ['Zone', 'ZoneInput'],
    { Id: id, Zone: closed, ZoneInput: { ...other, properties: { ...other.properties, id: ref('Id') } } },
  ],
  [
    'different by what they hold: both',
    ['Home', 'HomeInput'],
    {
      ...ids,
      Home: { items: ref('Zone') },
      HomeInput: { items: ref('ZoneInput') },
      Zone: closed,
      ZoneInput: other,
    },
    ['Home', 'HomeInput'],
    {
      Home: { items: ref('Zone') },
      HomeInput: { items: ref('ZoneInput') },
      Id: id,
      Zone: closed,
      ZoneInput: { ...other, properties: { ...other.properties, id: ref('Id') } },
    },
  ],
  ['a name of its own that ends so', ['UserInput'], { UserInput: id }, ['UserInput'], { UserInput: id }],
])('%s', (_reason, asked, schemas, refs, kept) => {
  expect(withoutTwins({ paths: asked.map(ref), schemas })).toEqual({ paths: refs.map(ref), schemas: kept })
})
