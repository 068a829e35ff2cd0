/// The catalogues as the workbench lists them.
import Datasets
import Layers
import Methods
import Models

extension Catalog {
  package static var standard: Catalog {
    Catalog(
      datasets: DatasetCatalog.cards.map {
        Card(id: $0.id, title: $0.title, summary: $0.summary, paper: $0.paper)
      },
      models: ModelCatalog.all.map { $0.card }, methods: MethodCatalog.all.map { $0.card })
  }
}
