import ShoalCore
import Testing

/// The first lines of the same files, which every machine has.
@Suite struct DataSetFixtureTests {
    @Test func `Online Retail`() throws {
        let harness = DecoderHarness(DataSetTests.onlineRetail)
        try harness.adoptHeader(
            "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country")
        let sale = harness.decode(
            #"536365,85123A,"HOLDER, WHITE",6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom"#)
        #expect(sale.event?.type == "purchase" && sale.event?.customer == Array("17850".utf8))
        #expect(sale.event?.milliseconds == 1_291_191_960_000)
        #expect(abs((sale.event?.amount ?? 0) - 15.3) < 1e-12)
        let cancelled = harness.decode(
            "C536379,D,Discount,-1,2010-12-01 09:41:00,27.5,14527.0,United Kingdom")
        #expect(cancelled.event?.type == "return" && cancelled.event?.amount == -27.5)
        let nobody = harness.decode("536414,22139,,56,2010-12-01 11:52:00,0.0,,United Kingdom")
        #expect(nobody.rejection?.reason == .missingCustomer)
    }

    @Test func `Taobao`() {
        let harness = DecoderHarness(DataSetTests.taobao)
        let view = harness.decode("543462,1715,1464116,pv,1511658000")
        #expect(view.event?.type == "product_view" && view.event?.milliseconds == 1_511_658_000_000)
        #expect(harness.decode("301780,543546,4181361,pv,15").rejection?.reason == .timestampTooOld)
    }

    @Test func `REES46`() throws {
        let harness = DecoderHarness(DataSetTests.rees46)
        try harness.adoptHeader(
            "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session\r")
        let view = harness.decode(
            "2019-10-01 00:00:00 UTC,view,44600062,2103807459595387724,,shiseido,35.79,541312140,72d76fde\r")
        #expect(view.event?.fields["category"] == .text("2103807459595387724"))
        #expect(view.event?.amount == 35.79 && view.event?.milliseconds == 1_569_888_000_000)
        let cut = harness.decode(
            "2019-10-01 02:50:00 UTC,view,10900305,2053013555069845885,,elenberg,25.71,520")
        #expect(cut.rejection == EventRejection(.badField, "columns: expected 9, found 8"))
    }
}
