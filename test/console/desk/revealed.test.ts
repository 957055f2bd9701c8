import { expect, it } from 'vitest'
import { hiddenIn, withRevealed } from '../../../console/desk/revealed.ts'
import { contactOf, fileOf, residentOf } from './given.ts'

const HIDDEN = fileOf({
  resident: residentOf({
    phone: '139****0001',
    address: '香山路****',
    accessNotes: null,
    medicalNotes: '****',
  }),
  contacts: [contactOf({ phone: '138****0001' }), contactOf({ id: 'con_2', phone: '110' })],
})

it('asks for what is hidden, and for nothing else', () => {
  expect(hiddenIn(HIDDEN)).toEqual([
    { type: 'resident', id: 'res_1', fields: ['phone', 'address', 'medicalNotes'] },
    { type: 'contact', id: 'con_1', fields: ['phone'] },
  ])
  expect(hiddenIn(fileOf({ resident: residentOf(), contacts: [contactOf()] }))).toEqual([])
  expect(hiddenIn(fileOf())).toEqual([])
})

it('shows what was revealed in its place, and hides the rest still', () => {
  const file = withRevealed(HIDDEN, [
    { type: 'resident', id: 'res_1', values: { phone: '13900000001' } },
    { type: 'contact', id: 'con_1', values: { phone: '13800000001' } },
  ])
  expect(file.resident).toMatchObject({ phone: '13900000001', address: '香山路****' })
  expect(file.contacts.map(({ phone }) => phone)).toEqual(['13800000001', '110'])
})
