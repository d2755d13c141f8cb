import type { ComponentType } from "preact";
import type { Project } from "./api";
import { Problem } from "./parts/problem";
import { address, useRoute, type Route } from "./route";
import { useGet } from "./state";
import { DeployView } from "./views/deploy";
import { DevicesView } from "./views/devices";
import { LabelView } from "./views/label";
import { LibraryView } from "./views/library";
import { RecordView } from "./views/record";
import { TestView } from "./views/test";
import { TrainView } from "./views/train";
import { WatchView } from "./views/watch";

export interface ViewProps {
  project: Project;
  route: Route;
  reloadProject: () => void;
}

const VIEWS: Record<string, { title: string; view: ComponentType<ViewProps> }> = {
  devices: { title: "Devices", view: DevicesView },
  record: { title: "Record", view: RecordView },
  library: { title: "Library", view: LibraryView },
  label: { title: "Label", view: LabelView },
  train: { title: "Train", view: TrainView },
  test: { title: "Test", view: TestView },
  deploy: { title: "Deploy", view: DeployView },
  watch: { title: "Watch", view: WatchView },
};
const FIRST = "library";
const PROJECT_EVERY_MS = 5000;

export function App() {
  const route = useRoute();
  const { data: project, problem, reload } = useGet<Project>("api/project", PROJECT_EVERY_MS);
  const name = route.view in VIEWS ? route.view : FIRST;
  const { view: View, title } = VIEWS[name]!;
  document.title = project ? `${title} · ${project.name}` : "tinygest";
  return (
    <>
      <header class="top">
        <strong>{project?.name ?? "tinygest"}</strong>
        <nav aria-label="Views">
          {Object.entries(VIEWS).map(([key, { title }]) => (
            <a key={key} href={address(key)} aria-current={key === name ? "page" : undefined}>
              {title}
            </a>
          ))}
        </nav>
      </header>
      <main>
        <Problem error={problem} retry={reload} />
        {project && <View project={project} route={route} reloadProject={reload} />}
      </main>
    </>
  );
}
