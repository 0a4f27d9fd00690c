import type { Stage } from "../story.js";

export interface StoryUrls {
  readonly pre: string;
  readonly post: string;
  readonly current: string;
  readonly truth: string;
}

export function storyUrls(stage: Stage): StoryUrls {
  return {
    pre: stage.url("fleet_pre"),
    post: stage.url("fleet_post"),
    current: stage.url("fleet_current"),
    truth: stage.url("fleet_truth"),
  };
}
