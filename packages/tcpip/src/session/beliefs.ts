import { at } from '@a7600/at-codec';
import type { SchedulerLike } from 'rxjs';
import type { Lane } from '../lane/lane.js';
import type { Acknowledgements } from '../watch/acknowledgements.js';
import type { Discrepancy } from '../watch/discrepancy.js';
import { JointQuestion } from '../watch/joint-question.js';
import { KeptSettings } from '../watch/kept-settings.js';
import { type Belief, Watch } from '../watch/watch.js';

/** What {@link confirmBeliefs} works with. */
export interface BeliefOptions {
  readonly scheduler: SchedulerLike;
  readonly lane: Lane;
  readonly acknowledgements: Acknowledgements;
  /** Time in ms between two confirmations; false for none. */
  readonly interval: number | false;
  /** Whether settings that another program has changed may be set again. */
  readonly exclusive: boolean;
  /** Whether the module takes commands at the moment. */
  readonly canAsk: () => boolean;
  /** Called for each question that was not answered. */
  readonly onUnconfirmed: () => void;
  /** Called when nothing that the module was asked was answered. */
  readonly onMute: () => void;
  /** Called with each setting that is not as it should be. */
  readonly report: (discrepancy: Discrepancy) => void;
}

/** What is believed about a module from its first answer on, and what confirms it. */
export interface Beliefs {
  readonly watch: Watch;
  /** That the module answers. */
  readonly answers: Belief;
  /** That its settings stay as they are. */
  readonly settings: KeptSettings;
  /** What is asked of each link that nothing was heard of. */
  readonly linkQuestions: JointQuestion;
}

/** Has what is believed about a module confirmed in each interval: that it answers, its settings, its links. */
export function confirmBeliefs(options: BeliefOptions): Beliefs {
  const { scheduler, lane, acknowledgements, interval, exclusive, canAsk, onUnconfirmed, onMute, report } =
    options;
  const watch = new Watch({ scheduler, interval, canAsk, onUnconfirmed, onMute });
  const answers = watch.believe(
    () => lane.run(at()),
    2,
    () => true,
    false,
  );
  const settings = new KeptSettings({ lane, exclusive, report });
  const linkQuestions = new JointQuestion(lane);
  linkQuestions.add(acknowledgements);
  for (const question of [settings.question, linkQuestions]) {
    watch.believe(
      () => question.ask(),
      1,
      () => question.applies,
    );
  }
  return { watch, answers, settings, linkQuestions };
}
