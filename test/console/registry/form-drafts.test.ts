import { expect, it } from 'vitest'
import { keepChanged } from '../../../console/registry/form-drafts.ts'
import type { Values } from '../../../console/registry/parts/field-spec.ts'
import { createDrafts } from '../../../console/shell/drafts.ts'

const FIELDS = [
  { name: 'name', as: 'text' },
  { name: 'phone', as: 'text' },
  { name: 'password', as: 'password' },
] as const

it('keeps the fields that were changed, each as it was typed last, and of each form its own', () => {
  const drafts = createDrafts<Values>()
  keepChanged('user a', { name: '李' }, FIELDS, drafts)
  keepChanged('user a', { name: '李秀英' }, FIELDS, drafts)
  keepChanged('user a', { phone: '139' }, FIELDS, drafts)
  expect(drafts.of('user a')).toEqual({ name: '李秀英', phone: '139' })
  expect(drafts.of('user b')).toBeUndefined()
})

it('keeps no password, and nothing where nothing else was typed', () => {
  const drafts = createDrafts<Values>()
  keepChanged('user a', { password: 'correct horse' }, FIELDS, drafts)
  expect(drafts.of('user a')).toBeUndefined()
  keepChanged('user a', { name: '李', password: 'correct horse' }, FIELDS, drafts)
  expect(drafts.of('user a')).toEqual({ name: '李' })
})

it('keeps a field that was emptied', () => {
  const drafts = createDrafts<Values>()
  keepChanged('user a', { phone: '' }, FIELDS, drafts)
  expect(drafts.of('user a')).toEqual({ phone: '' })
})
