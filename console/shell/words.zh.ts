// The words that every screen needs, in Chinese. The type of this dictionary is the type of all of them: a key that
// is missing elsewhere is a type error. A room adds words of its own, see spoken() in language.tsx.

import { ALARM_NAMES } from '../../model/alarm-names.ts'
import { explainZh } from '../../model/explain.zh.ts'
import type { Severity } from '../../model/finding.ts'
import type { HealthName, HealthReason } from '../../model/health.ts'
import type { IncidentState } from '../../model/incident.ts'
import type { Role } from '../../model/user.ts'
import type { Problem } from './http.ts'
import type { PlaceName } from './places.ts'

export const zh = {
  lang: 'zh-CN',
  product: '安心',
  deskName: '应急响应台',
  otherLanguage: 'English',
  /** Findings; whoever writes to a contact uses these words too. */
  explain: explainZh,

  signIn: '登录',
  signOut: '退出登录',
  signingIn: '正在登录…',
  username: '用户名',
  password: '密码',
  signInLead: '老人按下红键，这里有人应答。',
  wrongPassword: '用户名或密码不对。',
  usernameMissing: '请输入用户名',
  passwordMissing: '请输入密码',
  code: '动态码',
  codeHint: '打开手机上的验证器，输入六位数字；也可以输入一个恢复码。',
  codeMissing: '请输入动态码',
  wrongCode: '动态码不对，或者已经用过。请等验证器换出下一个。',
  tooManyTries: (seconds: number) => `尝试太多次，请 ${seconds} 秒后再试。`,
  signInAgain: '返回，重新输入密码',
  renewTitle: '登录已失效',
  renewLead: '请重新登录，然后从刚才的地方继续：填写的内容都还在。登录之前，这里不会出现新报警。',
  renewConfirm: '登录并继续',
  renewLeave: '不继续，换人登录',

  placesLabel: '页面',
  place: {
    desk: '响应台',
    wall: '大屏',
    registry: '登记',
    figures: '统计',
    audit: '审计',
    account: '我的账号',
  } satisfies Record<PlaceName, string>,
  skip: '跳到主要内容',
  secretsWait: (n: number) => `${n} 个设备密钥还没有保存`,
  secretsFirst: (n: number) => `还有 ${n} 个设备密钥没有保存，退出后再也看不到。请先保存。`,
  toDesk: '去响应台',
  accountMenu: '账号',
  loadingScreen: '正在打开…',
  screenMissing: '这个页面没有打开',
  screenMissingLead: '平台可能刚刚更新过，或者网络中断。刷新之后就是新的版本；已登录的不用重新登录。',
  brokenPlace: '这个页面出错了',
  brokenPlaceLead: '响应台不受影响，报警照常响起。请刷新页面；如果仍然出错，请告诉管理员。',

  role: {
    operator: '坐席',
    supervisor: '班长',
    admin: '管理员',
    responder: '上门人员',
    auditor: '审计员',
    family: '家属',
    integration: '系统对接',
  } satisfies Record<Role, string>,
  class: ALARM_NAMES.zh.class,
  severity: { critical: '危急', high: '紧急', notice: '提示' } satisfies Record<Severity, string>,
  kind: ALARM_NAMES.zh.kind,
  state: {
    raised: '待接警',
    accepted: '已接警',
    dispatched: '已派人',
    arrived: '已到场',
    resolved: '已结案',
    closed: '已归档',
  } satisfies Record<IncidentState, string>,
  disposition: ALARM_NAMES.zh.disposition,
  taken: (name: string) => `这条报警已经由 ${name} 接警。`,
  takenBySomebody: '这条报警已经由同事接警。',
  stateChanged: (state: string) => `这条报警现在是“${state}”，不能再这样操作。页面已更新。`,
  cancel: '取消',
  again: '再试一次',
  notDesk: '这个账号不在应急响应台工作',
  notDeskLead: '坐席、班长和管理员可以使用响应台。需要权限请联系管理员。',
  notDeskFor: {
    responder: '派给您的任务会以链接发到您的手机上，请从那里打开。',
    integration: '这个账号供其他系统使用，没有页面。',
  } as Partial<Record<Role, string>>,
  brokenScreen: '屏幕出错：报警不会显示在这里',
  brokenScreenLead: '请马上刷新页面；如果仍然出错，请通知班长。',
  reload: '刷新页面',

  today: '今天',

  health: {
    parts: {
      records: { part: '数据库', means: '新的报警和操作可能存不下来，请立即通知管理员。' },
      stream: { part: '消息存储', means: '设备的普通消息可能收不全。' },
      workers: { part: '报警判断', means: '一部分设备的消息没有人处理，报警可能迟到。' },
      history: { part: '历史数据库', means: '曲线和轨迹暂时看不到，报警不受影响。' },
      jobs: { part: '通知任务', means: '给家属和同事的通知可能迟到。' },
      retention: { part: '到期清理', means: '过期数据没有按时清理，报警不受影响。' },
      roles: { part: '平台进程', means: '平台有一部分没有运行，请立即通知管理员。' },
      disk: { part: '磁盘', means: '空间快用完了，请立即通知管理员。' },
      feed: { part: '报警推送', means: '这个屏幕上的报警可能不是最新的。' },
      alerts: { part: '报警记录', means: '有报警还没有存下来，请按屏幕上的先处理。' },
    } satisfies Record<HealthName, { part: string; means: string }>,
    reasons: {
      no_answer: '（没有应答）',
      failed: '（出错）',
      full: '（已满）',
      not_worked_on: '（无人处理）',
      nobody_does_it: '（没有运行）',
      little_room: '（空间不足）',
      not_recorded: '（没有存下）',
    } satisfies Record<HealthReason, string>,
  },
  error: {
    UNREACHABLE: '连不上平台，请检查网络后再试。',
    BAD_REQUEST: '平台不接受这次输入。',
    UNAUTHENTICATED: '登录已失效，请重新登录。',
    SECOND_FACTOR_REQUIRED: '还需要验证器的动态码。',
    SECOND_FACTOR_MISSING: '请先设置动态码验证。',
    FORBIDDEN: '您的账号没有这个权限。',
    NOT_FOUND: '没有找到，可能已被移除。',
    CONFLICT: '同时有别的更改，请再看一遍。',
    ALARM_TAKEN: '这条报警已经由同事接警。',
    ALARM_STATE: '这条报警的状态已经变了。',
    ALARM_CHANGED: '这条报警有新情况加入。',
    CALL_TAKEN: '其他人已接听这通电话。',
    ALREADY_DONE: '这件事已经做过了，请看一下现在的情况。',
    LINK_USED: '这个链接已经用过了。',
    LINK_EXPIRED: '这个链接已失效。',
    NO_HISTORY: '平台没有配置历史数据库，没有曲线和轨迹。',
    TOO_MANY_REQUESTS: '操作太频繁，请稍等片刻。',
    INTERNAL: '平台内部出错。',
    UNAVAILABLE: '平台暂时不可用，请再试。',
    CONFIG_INVALID: '平台配置有误。',
    DATA_DIR_LOCKED: '平台的数据目录被占用。',
    DATA_DIR_UNWRITABLE: '平台的数据目录不可写。',
    PORT_TAKEN: '平台端口被占用。',
    PARTITIONS_CHANGED: '平台分区配置有误。',
    RECORDS_INCOMPATIBLE: '数据库与平台版本不符。',
    STREAM_FAILED: '平台存储失败。',
    STREAM_FENCED: '平台正在切换，请再试。',
    STOPPED: '平台正在停止。',
  } satisfies Record<Problem['code'], string>,
}

export type Words = typeof zh
