export { LabelView } from "../label/view";
