// What the file of an elder says: the way in, and what a responder must know about their health.

import type { Dice } from '../dice.ts'

const ACCESS = [
  '门禁密码 {code}#，家门钥匙在对门邻居处。',
  '单元门无门禁，敲门声音要大，老人听力不好。',
  '家里有一只小狗，不咬人。',
  '备用钥匙在社区服务站，登记后领取。',
  '电梯需刷卡，请联系物业值班室。',
  '密码锁 {code}，进门左手边是卧室。',
  '院门朝北，车可以开到楼下。',
] as const

const ILLNESSES = [
  ['高血压', 52],
  ['糖尿病', 22],
  ['冠心病', 20],
  ['慢性支气管炎', 12],
  ['脑梗后遗症', 9],
  ['骨质疏松', 18],
  ['白内障', 10],
  ['关节炎', 16],
  ['心房颤动', 6],
  ['帕金森病', 3],
] as const

const REMEDIES: Record<string, string> = {
  高血压: '每日服用降压药',
  糖尿病: '注射胰岛素，注意低血糖',
  冠心病: '随身带硝酸甘油',
  心房颤动: '服用华法林，出血风险高',
  骨质疏松: '跌倒后勿随意搬动',
}
const ALLERGIES = ['青霉素', '磺胺类药物', '头孢类药物', '海鲜']

export const accessNotes = (dice: Dice): string =>
  dice.pick(ACCESS).replace('{code}', String(dice.whole(1000, 9999)))

/** Empty for an elder of good health. */
export function medicalNotes(wandering: boolean, dice: Dice): string {
  const illnesses = new Set(Array.from({ length: dice.whole(0, 3) }, () => dice.weigh(ILLNESSES)))
  const lines = wandering ? ['阿尔茨海默病，会走失，请耐心引导'] : []
  for (const illness of illnesses)
    lines.push(REMEDIES[illness] ? `${illness}（${REMEDIES[illness]}）` : illness)
  if (dice.hits(0.15)) lines.push(`${dice.pick(ALLERGIES)}过敏`)
  return lines.map(line => `${line}。`).join('')
}
