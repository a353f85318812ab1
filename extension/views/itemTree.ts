import * as vscode from 'vscode';
import type { ReleaseStore } from '../state/releaseStore.ts';
import type { StoreState } from '../state/storeState.ts';
import { processTimer, Throttle } from '../state/throttle.ts';
import { diffItemTrees } from './itemTreeDiff.ts';
import type { ViewItem } from './viewItem.ts';

/** What a tree hands to VS Code: it stays the same object while the row lives, since VS Code finds rows by it. */
export type ItemNode = {
  item: ViewItem;
  readonly parent: ItemNode | undefined;
  /** What commands read. */
  readonly target: ViewItem['target'];
};

/** VS Code debounces refreshes by 200 ms and starves when they come faster. */
const refreshMs = 250;

/** A tree that shows a pure list of items made from the store, and refreshes only what changed. */
export class ItemTree implements vscode.TreeDataProvider<ItemNode>, vscode.Disposable {
  readonly #store: ReleaseStore;
  readonly #build: (state: StoreState) => readonly ViewItem[];
  readonly #onOpened: (item: ViewItem) => void;
  readonly #onGiven: () => void;
  readonly #changes = new vscode.EventEmitter<ItemNode[] | undefined>();
  readonly #nodes = new Map<string, ItemNode>();
  readonly #throttle: Throttle;
  readonly #stop: () => void;
  #roots: readonly ViewItem[];
  /** Tells VS Code which rows to show anew; nothing means the whole tree. */
  readonly onDidChangeTreeData = this.#changes.event;

  constructor(options: {
    readonly store: ReleaseStore;
    readonly build: (state: StoreState) => readonly ViewItem[];
    /** Called when a row that must load something is opened. */
    readonly onOpened?: (item: ViewItem) => void;
    /** Called when VS Code has asked for rows; it knows them when its own promises have settled. */
    readonly onGiven?: () => void;
  }) {
    this.#store = options.store;
    this.#build = options.build;
    this.#onOpened = options.onOpened ?? (() => {});
    this.#onGiven = options.onGiven ?? (() => {});
    this.#roots = options.build(options.store.state);
    this.#throttle = new Throttle({
      intervalMs: refreshMs,
      timer: processTimer,
      action: () => this.#refresh(),
    });
    this.#stop = options.store.onDidChange(() => this.#throttle.request());
  }

  /** The rows as they are shown now, for tests and for revealing. */
  get items(): readonly ViewItem[] {
    return this.#roots;
  }

  getTreeItem(node: ItemNode): vscode.TreeItem {
    const { item } = node;
    const treeItem = new vscode.TreeItem(item.label, collapsibleStates[item.open ?? 'none']);
    treeItem.id = item.id;
    treeItem.contextValue = item.context;
    treeItem.accessibilityInformation = { label: item.accessibilityLabel };
    if (item.description !== undefined) {
      treeItem.description = item.description;
    }
    if (item.tooltip !== undefined) {
      treeItem.tooltip = item.tooltip;
    }
    if (item.icon) {
      const color = item.icon.color === undefined ? undefined : new vscode.ThemeColor(item.icon.color);
      treeItem.iconPath = new vscode.ThemeIcon(item.icon.id, color);
    }
    if (item.click !== undefined) {
      treeItem.command = { command: item.click, title: item.label, arguments: [node] };
    }
    return treeItem;
  }

  getChildren(node?: ItemNode): ItemNode[] {
    if (node?.item.load) {
      this.#onOpened(node.item);
    }
    this.#onGiven();
    return (node ? node.item.children : this.#roots).map(item => this.#toNode(item, node));
  }

  getParent(node: ItemNode): ItemNode | undefined {
    return node.parent;
  }

  dispose(): void {
    this.#stop();
    this.#throttle.dispose();
    this.#changes.dispose();
  }

  #toNode(item: ViewItem, parent: ItemNode | undefined): ItemNode {
    const known = this.#nodes.get(item.id);
    if (known && known.parent === parent) {
      known.item = item;
      return known;
    }
    const node = {
      item,
      parent,
      get target() {
        return this.item.target;
      },
    };
    this.#nodes.set(item.id, node);
    return node;
  }

  #refresh(): void {
    const before = this.#roots;
    this.#roots = this.#build(this.#store.state);
    this.#updateNodes();
    const changed = diffItemTrees(before, this.#roots);
    if (changed === 'root') {
      this.#changes.fire(undefined);
    } else if (changed.length > 0) {
      // A row that was never shown has no node, and nobody has to hear of it.
      this.#changes.fire(changed.flatMap(id => this.#nodes.get(id) ?? []));
    }
  }

  /** Gives every known node its new item, and forgets the nodes whose item is gone. */
  #updateNodes(): void {
    const items = new Map<string, ViewItem>();
    const collect = (list: readonly ViewItem[]) => {
      for (const item of list) {
        items.set(item.id, item);
        collect(item.children);
      }
    };
    collect(this.#roots);
    for (const [id, node] of this.#nodes) {
      const item = items.get(id);
      if (item) {
        node.item = item;
      } else {
        this.#nodes.delete(id);
      }
    }
  }
}

const collapsibleStates = {
  none: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
} as const;
