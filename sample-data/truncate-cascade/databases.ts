import type { Stage } from "../story.js";

export interface StoryUrls {
  readonly pre: string;
  readonly post: string;
  readonly current: string;
  readonly truth: string;
}

export function storyUrls(stage: Stage): StoryUrls {
  return {
    pre: stage.url("tracker_pre"),
    post: stage.url("tracker_post"),
    current: stage.url("tracker_current"),
    truth: stage.url("tracker_truth"),
  };
}
